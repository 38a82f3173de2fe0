import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Routing } from '../../src/settings/contract.ts'
import { defaultSettings } from '../../src/settings/defaults.ts'
import { wireStages } from '../../src/stages.ts'
import { openStore } from '../../src/store/open.ts'
import { saveSetting } from '../../src/store/queries/settings.ts'
import { inboundForm } from '../fakes/inbound.ts'
import { ms, percentile, printFigure } from './figures.ts'

/**
 * What a new lead costs: finding its owner, and the whole transaction around it (person, lead, score, owner, deadlines,
 * row) on a database on disk, beside a commit of next to nothing: waiting for the disk is most of both. Twice: by the rule that every workspace starts with, and by a hundred rules that ask for
 * everything that can be asked, with 20 people and 10,000 open leads.
 */
const leads = Number(process.argv[2] ?? 300)
const none = {
  ...{ tiers: [], channels: [], sources: [], countries: [], regions: [], areaCodes: [], postcodes: [], words: [] },
}
const hundred: Routing = {
  ...defaultSettings.routing,
  rules: [
    ...Array.from({ length: 33 }, (_, n) => [
      { when: { ...none, postcodes: [`9${n}`], words: ['kitchen'] }, give: { how: 'load' as const, to: [] } },
      {
        when: { ...none, areaCodes: [`2${n}`], sources: [`Partner ${n}`] },
        give: { how: 'turn' as const, to: [1, 2, 3] },
      },
      { when: { ...none, countries: ['DE'], regions: ['Bavaria'] }, give: { how: 'member' as const, memberId: 1 } },
    ])
      .flat()
      .map((rule, n) => ({ id: `r${n}`, name: `Rule ${n}`, ...rule })),
    { id: 'last', name: 'Everybody', when: none, give: { how: 'load', to: [] } },
  ],
}

await measure('one rule, 2 people, empty workspace', defaultSettings.routing, 2, 0)
await measure('100 rules, 20 people, 10,000 open leads', hundred, 20, 10_000)

async function measure(name: string, routing: Routing, people: number, open: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbell-bench-'))
  const store = openStore(dataDir, silentLog)
  const { ingest } = wireStages({ store, clock: systemClock, log: silentLog, random: Math.random })
  const at = Date.now()
  await store.write(async (tx) => {
    await saveSetting(tx, 'routing', routing)
    await saveSetting(tx, 'business', { ...defaultSettings.business, alwaysOpen: true })
    const account = { kind: 'form' as const, label: 'Website', state: 'ok' as const, state_message: '', created_at: at }
    const settings = JSON.stringify({ name: 'Website', source: 'Website form', mapping: {} })
    await tx.db
      .insertInto('account')
      .values({ ...account, settings })
      .execute()
    for (let n = 1; n <= people; n++) {
      await tx.db
        .insertInto('member')
        .values({ name: `Member ${n}`, on_duty: 1, capacity: 100_000, created_at: at })
        .execute()
    }
  })
  for (let n = 0; n < open; n += 500) {
    await ingest(
      1,
      Array.from({ length: 500 }, (_, of) => lead(`open-${n + of}`)),
      [],
    )
  }
  const whole: number[] = []
  const bare: number[] = []
  for (let n = 0; n < leads; n++) {
    const started = performance.now()
    await ingest(1, [lead(`new-${n}`)], [])
    const done = performance.now()
    await store.write(async ({ db }) => {
      await db
        .updateTable('member')
        .set({ name: `Member 1.${n}` })
        .where('id', '=', 1)
        .execute()
    })
    whole.push(done - started)
    bare.push(performance.now() - done)
  }
  const events = await store.read.db
    .selectFrom('event')
    .select('data')
    .where('type', '=', 'lead.routed')
    .orderBy('id', 'desc')
    .limit(leads)
    .execute()
  const took = events.map((it) => (JSON.parse(it.data) as { tookMs: number }).tookMs)
  const line = (values: readonly number[]) =>
    [`p50 ${ms(percentile(values, 0.5))}`, `p95 ${ms(percentile(values, 0.95))}`] as const
  printFigure(`${name}: owner`, ...line(took))
  printFigure(`${name}: all of it`, ...line(whole))
  printFigure('  a commit of one changed name beside it', ...line(bare))
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}

function lead(id: string) {
  const digits = String([...id].reduce((sum, it) => (sum * 31 + it.charCodeAt(0)) % 10_000_000, 7)).padStart(7, '0')
  const email = `${id}@people.example`
  const phone = `+1415${digits}`
  const message = 'We want a new kitchen and would like a quote soon.'
  return inboundForm({ email, phone, postcode: '94110', message }, { externalId: id, at: Date.now() })
}
