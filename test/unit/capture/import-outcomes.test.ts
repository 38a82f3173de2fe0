import { expect, test } from 'vitest'
import { readEnd } from '../../../src/capture/import/read-end.ts'
import { openImportWorld } from './import-world.ts'

test.each([
  ['Won', 'won'],
  ['Closed Won', 'won'],
  ['yes', 'won'],
  ['closed-lost', 'lost'],
  ['No', 'lost'],
  ['Disqualified', 'disqualified'],
  ['Open', null],
  ['', null],
  ['won back the keys', null],
])('“%s” in a list means %s', (written, outcome) => {
  expect(readEnd(written)).toBe(outcome)
})

test.each(['inbound', 'outbound'] as const)(
  'leads of a list (%s) that ended are over, with their value',
  async (as) => {
    const { store, take } = await openImportWorld()
    // Everybody is warm, and so is owed an answer.
    await store.set('tiers', { hotFrom: 100, warmFrom: 0 })
    const list = `Name,Email,Outcome,Deal value
Ana,ana@example.com,Closed won,"$12,500.00"
Gus,gus@example.com,lost,900
Kim,kim@example.com,,
`
    await take(list, { as })
    const leads = await store.read.db
      .selectFrom('lead')
      .innerJoin('person', 'person.id', 'lead.person_id')
      .select(['name', 'status', 'outcome', 'value_minor', 'currency', 'due_at'])
      .orderBy('name')
      .execute()
    expect(leads.map(({ due_at, ...lead }) => lead)).toEqual([
      { name: 'Ana', status: 'done', outcome: 'won', value_minor: 1_250_000, currency: 'USD' },
      { name: 'Gus', status: 'done', outcome: 'lost', value_minor: null, currency: null },
      { name: 'Kim', status: 'open', outcome: null, value_minor: null, currency: null },
    ])
    // Whoever ended is owed nothing; whoever asked is.
    expect(leads.map((lead) => lead.due_at !== null)).toEqual([false, false, as === 'inbound'])
  },
)

test.each([
  ['1200', 'Deal value', 'USD', 120_000],
  ['€1.200', 'Deal value', 'EUR', 120_000],
  ['1200 CHF', 'Deal value', 'CHF', 120_000],
  ['1200', 'Deal value (GBP)', 'GBP', 120_000],
  ['¥1200', 'Deal value (USD)', 'JPY', 1200],
])('what was won for “%s” under “%s” is in %s', async (value, label, currency, minor) => {
  const { store, take } = await openImportWorld()
  const list = `Name,Email,Outcome,${label}\nAna,ana@example.com,won,${value}\n`
  await take(list, { as: 'inbound' })
  const lead = await store.read.db.selectFrom('lead').select(['value_minor', 'currency']).executeTakeFirst()
  expect(lead).toEqual({ value_minor: minor, currency })
})
