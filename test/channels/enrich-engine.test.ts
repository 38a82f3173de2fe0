import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../fakes/eventually.ts'
import { openWholeEngine } from '../fakes/whole-engine.ts'
import { startProviderDouble } from './enrich-double.ts'

test('in the whole engine: a touch by hand is asked about, the answer shows, and it can be taken back', async () => {
  const { call, secrets, stop } = await openWholeEngine()
  onTestFinished(stop)
  const double = await startProviderDouble()
  double.answer(() => ({ status: 200, body: { title: 'Owner', company: 'Lopez Builders' } }))
  const { id } = await call('enrich.saveProvider', {
    id: null,
    name: 'My own service',
    key: 'k',
    settings: {
      method: 'GET',
      url: `${double.url}/?e={email}`,
      headers: [{ name: 'authorization', value: 'Bearer {key}' }],
      body: '',
      answer: [
        { path: 'title', field: 'title' },
        { path: 'company', field: 'company' },
      ],
      currency: 'EUR',
      cost: 5,
      chargesForNothing: false,
      perDay: 10,
      costPerDay: 50,
    },
  })
  expect(secrets.get(`provider-${id}`)).toBe('k')
  await call('enrich.switchProvider', { id, on: true })
  const { personId } = await call('capture.logTouch', {
    kind: 'walk_in',
    source: 'Walk-in',
    personId: null,
    name: 'Ana Lopez',
    email: 'ana@lopez.example',
    phone: '+447911123456',
    referrerId: null,
    text: 'Wants a new boiler next month, budget £4,000',
    attachments: [],
    answered: false,
  })
  const known = await eventually('the answer to be written', async () => {
    const now = await call('enrich.person', { personId })
    return now.fields.some((it) => it.origin === 'provider') ? now : null
  })
  expect(known.fields.map((it) => `${it.label}: ${it.display}, ${it.from}`)).toEqual([
    'Company: Lopez Builders, from My own service, €0.005',
    'Title: Owner, from My own service, €0.005',
    'Budget: 4,000, from what was written',
    'When: within 60 days, from what was written',
  ])
  expect(known.lines).toEqual([{ value: '+447911123456', type: 'mobile' }])
  expect((await call('people.card', { personId })).title).toBe('Owner')
  const title = known.fields.find((it) => it.field === 'title')
  await call('enrich.revert', { fieldId: title?.id ?? 0 })
  expect((await call('people.card', { personId })).title).toBeNull()
})
