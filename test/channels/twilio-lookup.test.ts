import { createRequire } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { refusalOf } from '../../src/contact/refusal.ts'
import { makeEnrichHandlers } from '../../src/enrich/handlers.ts'
import { makeLookups } from '../../src/enrich/lookups.ts'
import { phoneRegion } from '../../src/enrich/phone-region.ts'
import { presets } from '../../src/enrich/presets.ts'
import { queueLookups, tellsLines } from '../../src/enrich/queue-lookups.ts'
import { silentLog } from '../../src/lib/log.ts'
import { addPerson } from '../../src/people/add-person.ts'
import { claimHandle } from '../../src/people/claim-handle.ts'
import { settlePerson } from '../../src/people/merge-people.ts'
import { makeScoreLead } from '../../src/score/score-lead.ts'
import { readFacts } from '../../src/store/queries/person-facts.ts'
import { eventually } from '../fakes/eventually.ts'
import { inboundText } from '../fakes/inbound.ts'
import { makeTestRoute } from '../fakes/route.ts'
import { startTwilioDouble } from '../fakes/twilio/start-twilio-double.ts'
import { openCaptureWorld } from '../unit/capture/capture-world.ts'

const ana = '+14155550187'
const bo = '+14155550188'

/** The preset as it is shipped, asked at the double, with the Twilio account that is connected and no key of its own. */
async function open() {
  const world = await openCaptureWorld()
  const { store, clock, clocks, phoneAccount } = world
  const twilio = await startTwilioDouble({ now: clock.now })
  const settings = { accountSid: twilio.accountSid, number: '+14155550100', baseUrl: twilio.url }
  await store.write(({ db }) =>
    db
      .updateTable('account')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', phoneAccount)
      .execute(),
  )
  const secrets = new Map([[`account-${phoneAccount}`, twilio.authToken]])
  const host = {
    getSecret: async (name: string) => secrets.get(name) ?? null,
    setSecret: async (name: string, value: string) => void secrets.set(name, value),
    deleteSecret: async (name: string) => void secrets.delete(name),
  }
  const deps = { scoreLead: makeScoreLead(), clocks }
  const settle: Parameters<typeof makeLookups>[0]['settlePerson'] = (tx, id, now) => settlePerson(tx, deps, id, now)
  const lookups = makeLookups({ store, clock, log: silentLog, random: () => 0.5, host, fetch, settlePerson: settle })
  store.onCommit(() => lookups.nudge())
  await lookups.start()
  onTestFinished(async () => {
    await lookups.stop()
    await twilio.stop()
    await store.close()
  })
  const enrich = makeEnrichHandlers({
    store,
    clock,
    host,
    lookups,
    cards: { ready: async () => false, read: async () => '' },
    platform: 'linux',
    claimHandle: (tx, id, handle, now) => claimHandle(tx, { ...deps, phoneRegion }, id, handle, now),
    settlePerson: settle,
  })
  const preset = presets.find((it) => it.name.startsWith('Twilio Lookup'))
  if (!preset) throw new Error('there is no such preset')
  const here = { ...preset.settings, url: preset.settings.url.replace('https://lookups.twilio.com', twilio.url) }
  const { id } = await enrich['enrich.saveProvider']({ id: null, name: 'Twilio Lookup', settings: here, key: null })
  await enrich['enrich.switchProvider']({ id, on: true })
  const asked = () => twilio.count('GET', '/v2/PhoneNumbers/')
  const settled = (count: number) =>
    eventually(`${count} look-ups`, async () => {
      const rows = await store.read.db.selectFrom('lookup').select('state').execute()
      return rows.length === count && rows.every((it) => it.state === 'found' || it.state === 'nothing')
    })
  const refusal = (number: string, personId = 1) => refusalOf(store.read, 'sms', number, personId)
  return { ...world, twilio, enrich, id, asked, settled, refusal, secrets }
}

test('a landline is told as such, refuses texts in plain words, and can be taken back', async () => {
  const { take, twilio, enrich, settled, refusal, store } = await open()
  twilio.world.lines.set(ana, { type: 'landline' })
  await take(inboundText({ from: ana, body: 'Do you fix boilers?' }))
  await settled(1)
  const { fields, lines } = await enrich['enrich.person']({ personId: 1 })
  const line = fields.find((it) => it.field === 'line')
  expect(line).toMatchObject({
    label: 'Line',
    display: '(415) 555-0187: landline',
    from: 'from Twilio Lookup, $0.008',
    revertible: true,
  })
  expect(lines).toEqual([{ value: ana, type: 'landline' }])
  expect(await refusal(ana)).toContain('This number is a landline')
  expect(await refusalOf(store.read, 'whatsapp', ana, 1)).toBeNull()
  expect(await refusalOf(store.read, 'call', ana, 1)).toBeNull()

  await enrich['enrich.revert']({ fieldId: line?.id ?? 0 })
  expect(await refusal(ana)).toBeNull()
  expect((await readFacts(store.read, 1)).lines).toEqual([{ number: ana, type: 'mobile_or_landline' }])
})

test('mobiles and internet phones take texts; a guess by the numbering plan refuses nothing', async () => {
  const { take, twilio, settled, refusal, store } = await open()
  twilio.world.lines.set(ana, { type: 'nonFixedVoip' })
  twilio.world.lines.set(bo, { type: null, errorCode: 60601 })
  await take(inboundText({ from: ana, body: 'Hello' }))
  await take(inboundText({ from: bo, body: 'Hello' }, { externalId: 'SM2' }))
  await settled(2)
  expect((await readFacts(store.read, 1)).lines).toEqual([{ number: ana, type: 'voip' }])
  expect((await readFacts(store.read, 2)).lines).toEqual([{ number: bo, type: 'mobile_or_landline' }])
  expect([await refusal(ana, 1), await refusal(bo, 2)]).toEqual([null, null])
  const costs = await store.read.db.selectFrom('lookup').select(['state', 'cost']).orderBy('id').execute()
  expect(costs).toEqual([
    { state: 'found', cost: 8 },
    { state: 'nothing', cost: 8 },
  ])
})

test('who is typed in is asked about like who comes by themselves; a first text asks once, and only about the line', async () => {
  const { store, clock, clocks, asked, settled, twilio, enrich, id } = await open()
  twilio.world.lines.set(ana, { type: 'mobile' })
  const deps = {
    phoneRegion,
    companyFromEmail: () => null,
    scoreLead: makeScoreLead(),
    routeLead: makeTestRoute(clocks).routeLead,
    clocks,
    firstTask: async () => {},
    queueLookups,
  }
  const person = { name: 'Ana', email: null, phone: ana, source: 'Walk-in' }
  const { personId } = await store.write((tx) => addPerson(tx, person, clock.now(), deps))
  await settled(1)
  expect(asked()).toBe(1)
  // Within 90 days nobody is asked about twice.
  expect(await store.write((tx) => queueLookups(tx, personId, clock.now(), tellsLines))).toBe(0)

  const { settings } = (await enrich['enrich.providers']({})).providers[0] ?? {}
  if (!settings) throw new Error('no provider')
  await enrich['enrich.switchProvider']({ id, on: false })
  const other = { ...settings, answer: [{ path: 'name', field: 'name' as const }] }
  const saved = await enrich['enrich.saveProvider']({ id: null, name: 'Names', settings: other, key: 'x' })
  await enrich['enrich.switchProvider']({ id: saved.id, on: true })
  expect(await store.write((tx) => queueLookups(tx, personId, clock.now(), tellsLines))).toBe(0)
})

test('a list is asked about when somebody has seen the price, a part each day', async () => {
  const { store, clock, enrich, id, asked } = await open()
  const { settings } = (await enrich['enrich.providers']({})).providers[0] ?? {}
  if (!settings) throw new Error('no provider')
  await enrich['enrich.saveProvider']({ id, name: 'Twilio Lookup', settings: { ...settings, perDay: 3 }, key: null })
  await store.write(async ({ db }) => {
    const times = { created_at: 1, updated_at: 1 }
    const run = {
      file_name: 'a.csv',
      format: 'csv',
      blob: 'x',
      state: 'done',
      plan: '',
      total: 5,
      next_row: 5,
      ...times,
    }
    await db
      .insertInto('import_run')
      .values({ id: 1, ...run } as never)
      .execute()
    for (let n = 1; n <= 5; n += 1) {
      await db
        .insertInto('person')
        .values({ id: n, name: `P${n}`, name_rank: 2, created_at: 1, updated_at: 1 } as never)
        .execute()
      const kind = n === 5 ? 'email' : 'phone'
      const value = n === 5 ? 'p5@x.example' : `+1415555020${n}`
      const handle = { person_id: n, kind, value, valid: 1, last_used_at: 1, created_at: 1 }
      await db
        .insertInto('handle')
        .values(handle as never)
        .execute()
      const row = { import_id: 1, line: n, name: `P${n}`, verdict: 'create', reason: '', person_id: n, done: 'create' }
      await db
        .insertInto('import_row')
        .values(row as never)
        .execute()
    }
  })
  expect(asked()).toBe(0)
  expect(await enrich['enrich.importLookups']({ importId: 1 })).toEqual({
    services: [
      { providerId: id, name: 'Twilio Lookup', people: 4, currency: 'USD', cost: 32, perDay: 3, costPerDay: 1000 },
    ],
  })
  expect(await enrich['enrich.askAboutImport']({ importId: 1, providerId: id })).toEqual({ queued: 4 })
  const states = async () =>
    (await store.read.db.selectFrom('lookup').select('state').orderBy('id').execute()).map((it) => it.state)
  await eventually('three of four', async () => (await states()).filter((it) => it === 'nothing').length === 3)
  expect(await states()).toContain('queued')
  expect(asked()).toBe(3)
  expect(await enrich['enrich.importLookups']({ importId: 1 })).toEqual({ services: [] })
  await clock.sleep(25 * 60 * 60_000)
  await eventually('the fourth tomorrow', async () => (await states()).every((it) => it === 'nothing'))
})

test('the token of the account goes to Twilio alone', async () => {
  const { enrich, id, secrets, store, clock, twilio, take } = await open()
  const { settings } = (await enrich['enrich.providers']({})).providers[0] ?? {}
  if (!settings) throw new Error('no provider')
  const elsewhere = await startTwilioDouble({ now: clock.now })
  onTestFinished(() => elsewhere.stop())
  await enrich['enrich.removeProvider']({ id })
  const away = { ...settings, url: settings.url.replace(twilio.url, elsewhere.url) }
  const saved = await enrich['enrich.saveProvider']({ id: null, name: 'Away', settings: away, key: null })
  await enrich['enrich.switchProvider']({ id: saved.id, on: true })
  await take(inboundText({ from: ana, body: 'Hello' }))
  const state = () => store.read.db.selectFrom('provider').select('state').where('id', '=', saved.id).executeTakeFirst()
  await eventually('the stop', async () => (await state())?.state === 'stopped')
  expect([...secrets.keys()]).toHaveLength(1)
  expect(elsewhere.requests.map((it) => it.status)).toEqual([401])
})

test('the double answers Lookup with every field that Twilio’s own library reads', async () => {
  const { twilio } = await open()
  twilio.world.lines.set(ana, { type: 'mobile' })
  const url = `${twilio.url}/v2/PhoneNumbers/${encodeURIComponent(ana)}?Fields=line_type_intelligence`
  const basic = Buffer.from(`${twilio.accountSid}:${twilio.authToken}`).toString('base64')
  const body: unknown = await (await fetch(url, { headers: { authorization: `Basic ${basic}` } })).json()
  const { PhoneNumberInstance } = createRequire(import.meta.url)('twilio/lib/rest/lookups/v2/phoneNumber.js')
  const read = new PhoneNumberInstance({}, body, ana).toJSON() as Record<string, unknown>
  expect(Object.entries(read).filter(([, value]) => value === undefined)).toEqual([])
  expect(Object.values(read.lineTypeIntelligence as object)).not.toContain(undefined)
  expect(Object.keys(read)).toHaveLength(Object.keys(body as object).length)
})
