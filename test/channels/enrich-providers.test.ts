import { describe, expect, onTestFinished, test } from 'vitest'
import { enrichContract, type ProviderSettings } from '../../src/enrich/contract.ts'
import { makeEnrichHandlers } from '../../src/enrich/handlers.ts'
import { makeLookups } from '../../src/enrich/lookups.ts'
import { phoneRegion } from '../../src/enrich/phone-region.ts'
import { checkProvider } from '../../src/enrich/provider-request.ts'
import { queueLookups } from '../../src/enrich/queue-lookups.ts'
import { day, hour, minute } from '../../src/lib/durations.ts'
import { silentLog } from '../../src/lib/log.ts'
import { claimHandle } from '../../src/people/claim-handle.ts'
import { updatePerson } from '../../src/people/edit-person.ts'
import { settlePerson } from '../../src/people/merge-people.ts'
import { makeScoreLead } from '../../src/score/score-lead.ts'
import { eventually } from '../fakes/eventually.ts'
import { emailParty, inboundMail, inboundText } from '../fakes/inbound.ts'
import { openCaptureWorld } from '../unit/capture/capture-world.ts'
import { startProviderDouble } from './enrich-double.ts'

const apolloLike = {
  person: {
    name: 'Ana Lopez',
    title: 'Operations Director',
    organization: { name: 'Lopez Builders Inc', website_url: 'http://www.lopez.example/', estimated_num_employees: 42 },
    phone_numbers: [{ raw_number: '(415) 555-0177' }],
  },
}

/** What goes in and out is what the contract says: the window relies on it. */
function checked(handlers: ReturnType<typeof makeEnrichHandlers>): typeof handlers {
  const all = Object.entries(handlers).map(([name, answer]) => {
    const { input, output } = enrichContract[name as keyof typeof enrichContract]
    const call = answer as (given: unknown) => Promise<unknown>
    return [name, async (given: unknown) => output.parse(await call(input.parse(given)))]
  })
  return Object.fromEntries(all) as typeof handlers
}

async function open(more: Partial<ProviderSettings> = {}) {
  const world = await openCaptureWorld()
  const double = await startProviderDouble()
  const { store, clock, clocks } = world
  const secrets = new Map<string, string>()
  const host = {
    getSecret: async (name: string) => secrets.get(name) ?? null,
    setSecret: async (name: string, value: string) => void secrets.set(name, value),
    deleteSecret: async (name: string) => void secrets.delete(name),
  }
  const deps = { scoreLead: makeScoreLead(), clocks }
  const settle: Parameters<typeof makeLookups>[0]['settlePerson'] = (tx, id, now) => settlePerson(tx, deps, id, now)
  const life = () => makeLookups({ store, clock, log: silentLog, random: () => 0.5, host, fetch, settlePerson: settle })
  const lookups = life()
  store.onCommit(() => lookups.nudge())
  await lookups.start()
  onTestFinished(async () => {
    await lookups.stop()
    await store.close()
  })
  const enrich = checked(
    makeEnrichHandlers({
      store,
      clock,
      host,
      lookups,
      cards: { ready: async () => false, read: async () => '' },
      platform: 'linux',
      claimHandle: (tx, id, handle, now) => claimHandle(tx, { ...deps, phoneRegion }, id, handle, now),
      settlePerson: settle,
    }),
  )
  const settings: ProviderSettings = {
    method: 'POST',
    url: `${double.url}/people/match?email={email}`,
    headers: [{ name: 'X-Api-Key', value: '{key}' }],
    body: '{"email": "{email}"}',
    answer: [
      { path: 'person.name', field: 'name' },
      { path: 'person.title', field: 'title' },
      { path: 'person.organization.name', field: 'company' },
      { path: 'person.organization.website_url', field: 'website' },
      { path: 'person.organization.estimated_num_employees', field: 'employees' },
      { path: '$.person.phone_numbers[0].raw_number', field: 'phone' },
    ],
    currency: 'USD',
    cost: 100,
    chargesForNothing: false,
    perDay: 100,
    costPerDay: 10_000,
    ...more,
  }
  const { id } = await enrich['enrich.saveProvider']({ id: null, name: 'Apollo', settings, key: 'secret-1' })
  const provider = async () => (await enrich['enrich.providers']({})).providers[0]
  const lookupsNow = () => store.read.db.selectFrom('lookup').selectAll().orderBy('id').execute()
  let mails = 0
  const come = async (email: string, name: string | null = null) => {
    mails += 1
    await world.take(
      inboundMail({ from: email, messageId: `${mails}@x`, text: 'Hello' }, { parties: [emailParty(email, name)] }),
    )
  }
  const reached = (state: string, count = 1) =>
    eventually(
      `${count} look-ups ${state}`,
      async () => (await lookupsNow()).filter((it) => it.state === state).length === count,
    )
  const person = (personId: number) =>
    store.read.db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirstOrThrow()
  return { ...world, double, enrich, settings, id, provider, come, lookupsNow, reached, person, life, lookups }
}

test('off by default: nobody is asked about anybody', async () => {
  const { come, double, provider, lookupsNow } = await open()
  await come('ana@lopez.example', 'Ana')
  expect(await provider()).toMatchObject({ state: 'off', hasKey: true })
  expect(await lookupsNow()).toEqual([])
  expect(double.asked).toEqual([])
})

test('a new person is asked about once; what is found is written with origin and price, and can be taken out', async () => {
  const { come, double, enrich, id, provider, reached, person } = await open()
  double.answer(() => ({ status: 200, body: apolloLike }))
  await enrich['enrich.switchProvider']({ id, on: true })
  await come('ana@lopez.example')
  await reached('found')
  expect(double.asked).toMatchObject([
    {
      method: 'POST',
      url: '/people/match?email=ana%40lopez.example',
      headers: { 'x-api-key': 'secret-1' },
      body: '{"email": "ana@lopez.example"}',
    },
  ])
  expect(await person(1)).toMatchObject({
    name: 'Ana Lopez',
    title: 'Operations Director',
    company: 'Lopez Builders Inc',
  })
  const { fields, offers } = await enrich['enrich.person']({ personId: 1 })
  expect(fields.find((it) => it.field === 'title')).toMatchObject({ from: 'from Apollo, $0.10', revertible: true })
  expect(fields.find((it) => it.field === 'website')).toMatchObject({ display: 'lopez.example' })
  expect(fields.find((it) => it.field === 'employees')).toMatchObject({ display: '42' })
  expect(offers).toMatchObject([{ kind: 'phone', value: '+14155550177' }])
  expect(await provider()).toMatchObject({ today: { asked: 1, cost: 100 } })

  await enrich['enrich.revert']({ fieldId: fields.find((it) => it.field === 'title')?.id ?? 0 })
  expect((await person(1)).title).toBeNull()
  expect(await enrich['enrich.revertProvider']({ providerId: id, personId: null })).toEqual({ reverted: 5 })
  expect(await person(1)).toMatchObject({ name: 'ana@lopez.example', company: 'Lopez' })

  // Again within 90 days, or a second mail: no second question.
  await come('ana@lopez.example')
  expect(double.asked).toHaveLength(1)
})

test('an offered number becomes a handle, and what came from it before comes along', async () => {
  const { come, double, enrich, id, reached, store, take } = await open()
  await take(inboundText({ from: '+14155550177', body: 'Still there?' }))
  double.answer(() => ({ status: 200, body: apolloLike }))
  await enrich['enrich.switchProvider']({ id, on: true })
  await come('ana@lopez.example')
  await reached('found')
  const { offers } = await enrich['enrich.person']({ personId: 2 })
  await enrich['enrich.takeOffer']({ fieldId: offers[0]?.id ?? 0 })
  expect((await enrich['enrich.person']({ personId: 2 })).offers).toEqual([])
  const texts = await store.read.db.selectFrom('interaction').select('channel').where('person_id', '=', 2).execute()
  expect(texts.map((it) => it.channel).sort()).toEqual(['email', 'sms'])
})

test('a typed name and company win against the service', async () => {
  const { come, double, enrich, id, reached, person, store, clock } = await open()
  await come('ana@lopez.example')
  await store.write((tx) => updatePerson(tx, 1, { name: 'Anita', company: 'Mine', title: null }, clock.now()))
  double.answer(() => ({ status: 200, body: apolloLike }))
  await enrich['enrich.switchProvider']({ id, on: true })
  // Known already when it was switched on: asked when they come as a new lead.
  await store.write(async (tx) => {
    await queueLookups(tx, 1, clock.now())
  })
  await reached('found')
  expect(await person(1)).toMatchObject({ name: 'Anita', company: 'Mine', title: 'Operations Director' })
})

describe('limits', () => {
  test('of records: the third waits for tomorrow', async () => {
    const { come, double, enrich, id, provider, reached, clock, lookupsNow } = await open({ perDay: 2 })
    double.answer(() => ({ status: 200, body: apolloLike }))
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@one.example')
    await come('b@two.example')
    await come('c@three.example')
    await reached('found', 2)
    await eventually('the third put off', async () => ((await lookupsNow())[2]?.not_before ?? 0) > clock.now() + hour)
    expect(double.asked).toHaveLength(2)
    expect(await provider()).toMatchObject({ today: { asked: 2, cost: 200 }, queued: 1 })
    await clock.advance(day + minute)
    await reached('found', 3)
  })

  test('of money: the price is booked before the question goes out', async () => {
    const { come, double, enrich, id, provider, reached } = await open({ cost: 400, costPerDay: 1000 })
    double.answer(() => ({ status: 200, body: apolloLike }))
    await enrich['enrich.switchProvider']({ id, on: true })
    for (const email of ['a@one.example', 'b@two.example', 'c@three.example']) await come(email)
    await reached('found', 2)
    await reached('queued', 1)
    expect(await provider()).toMatchObject({ today: { cost: 800 } })
    expect(double.asked).toHaveLength(2)
  })

  test('a crash in the middle keeps the price booked and asks again', async () => {
    const { come, double, enrich, id, reached, lookupsNow, lookups, life, provider } = await open()
    double.answer(() => ({ status: 200, never: true }))
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@one.example')
    await eventually('the question to arrive', () => double.asked.length === 1)
    await lookups.stop()
    expect((await lookupsNow())[0]).toMatchObject({ state: 'asking', cost: 100 })
    double.answer(() => ({ status: 200, body: apolloLike }))
    const next = life()
    onTestFinished(() => next.stop())
    await next.start()
    await reached('found')
    expect(await provider()).toMatchObject({ today: { cost: 200 } })
  })
})

describe('answers', () => {
  test('404 is no data: free, remembered, and not asked again for a colleague of the same domain', async () => {
    const { come, double, enrich, id, provider, reached, settings } = await open()
    await enrich['enrich.saveProvider']({
      id,
      name: 'Companies',
      settings: { ...settings, method: 'GET', body: '', url: `${double.url}/find?domain={domain}` },
      key: null,
    })
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@firm-one.com')
    await reached('nothing')
    await come('b@firm-one.com')
    await reached('nothing', 2)
    await come('c@gmail.com')
    expect(double.asked.map((it) => it.url)).toEqual(['/find?domain=firm-one.com'])
    expect(await provider()).toMatchObject({ today: { cost: 0 } })
  })

  test('401 stops the service and says so; a good key goes on where it stopped', async () => {
    const { come, double, enrich, id, provider, reached, settings } = await open()
    double.answer(() => ({ status: 401 }))
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@one.example')
    await come('b@two.example')
    await eventually('it to stop', async () => (await provider())?.state === 'stopped')
    expect(await provider()).toMatchObject({
      problem: expect.stringContaining('refused your key'),
      today: { cost: 0 },
      queued: 2,
    })
    expect(double.asked).toHaveLength(1)
    double.answer(() => ({ status: 200, body: apolloLike }))
    await enrich['enrich.saveProvider']({ id, name: 'Apollo', settings, key: 'secret-2' })
    await enrich['enrich.switchProvider']({ id, on: true })
    await reached('found', 2)
    expect(double.asked.at(-1)?.headers['x-api-key']).toBe('secret-2')
  })

  test('429 and 500 wait, as long as they are told, and cost nothing', async () => {
    const { come, double, enrich, id, reached, clock, lookupsNow } = await open()
    double.answer(() => ({ status: 429, headers: { 'retry-after': '1800' } }))
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@one.example')
    await eventually('it to wait', async () => (await lookupsNow())[0]?.not_before === clock.now() + 30 * minute)
    expect((await lookupsNow())[0]).toMatchObject({ state: 'queued', cost: 0, attempts: 1 })
    double.answer(() => ({ status: 500 }))
    await clock.advance(31 * minute)
    await eventually('a second try', () => double.asked.length === 2)
    double.answer(() => ({ status: 200, body: apolloLike }))
    await eventually('the second try settled', async () => (await lookupsNow())[0]?.state === 'queued')
    await clock.advance(day)
    await reached('found')
  })

  test('nonsense and moved services are given up, and nobody else gets the key', async () => {
    const { come, double, enrich, id, reached, lookupsNow } = await open()
    double.answer(() => ({ status: 200, body: '<html>' }))
    await enrich['enrich.switchProvider']({ id, on: true })
    await come('a@one.example')
    await reached('failed')
    double.answer(() => ({ status: 302, headers: { location: `${double.url}/elsewhere` } }))
    await come('b@two.example')
    await reached('failed', 2)
    expect(double.asked.map((it) => it.url).some((it) => it.includes('elsewhere'))).toBe(false)
    expect((await lookupsNow()).map((it) => it.problem)).toEqual([
      'Its answer is not JSON.',
      expect.stringContaining('sends us elsewhere (302)'),
    ])
  })
})

test('trying it out shows question, answer and what would be written, writes nothing, and counts', async () => {
  const { come, double, enrich, id, provider, person } = await open()
  await come('ana@lopez.example')
  double.answer(() => ({ status: 200, body: apolloLike }))
  const tried = await enrich['enrich.tryProvider']({ id, personId: 1 })
  expect(tried.request).toContain('POST ')
  expect(tried.request).not.toContain('secret-1')
  expect(tried).toMatchObject({ status: 200, cost: 100, problem: null })
  expect(tried.found.find((it) => it.field === 'company')).toMatchObject({
    label: 'Company',
    value: 'Lopez Builders Inc',
  })
  expect((await person(1)).title).toBeNull()
  expect(await provider()).toMatchObject({ today: { asked: 1, cost: 100 }, state: 'off' })
})

test('starting points are sound, and a removed service is gone with its key', async () => {
  const { enrich, id } = await open()
  const { presets } = await enrich['enrich.presets']({})
  expect(presets.map((it) => it.name)).toContain('Apollo')
  for (const it of presets) expect(() => checkProvider(it.settings)).not.toThrow()
  expect(await enrich['enrich.cardReader']({})).toMatchObject({
    ready: false,
    note: expect.stringContaining('tesseract-ocr'),
  })
  await enrich['enrich.removeProvider']({ id })
  expect((await enrich['enrich.providers']({})).providers).toEqual([])
  await expect(enrich['enrich.switchProvider']({ id, on: true })).rejects.toThrow(/no longer there/)
})

test('what must not be asked', async () => {
  const { settings, enrich, id } = await open()
  const at = (url: string) => () => checkProvider({ ...settings, url })
  expect(at('http://api.example.com/?e={email}')).toThrow(/https/)
  expect(at('https://192.168.1.4/?e={email}')).toThrow(/private network/)
  expect(at('https://user:pw@api.example.com/?e={email}')).toThrow(/password/)
  expect(() => checkProvider({ ...settings, url: 'https://api.example.com/all', body: '' })).toThrow(
    /whom to ask about/,
  )
  expect(at('ftp://api.example.com/{email}')).toThrow(/https/)
  expect(at('https://{domain}/x')).toThrow(/https/)
  expect(() => checkProvider({ ...settings, body: '{email}' })).not.toThrow(/undefined/)
  // The key of one service is not sent to another.
  await expect(
    enrich['enrich.saveProvider']({
      id,
      name: 'x',
      settings: { ...settings, url: 'https://other.example.com/?e={email}' },
      key: null,
    }),
  ).rejects.toThrow(/Type its key/)
})
