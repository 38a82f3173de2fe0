import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FormContent, Inbound, StateReport } from '../../src/channels/channel.ts'
import { day, minute, second } from '../../src/lib/durations.ts'
import { eventually } from '../fakes/eventually.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { graphError, type MetaGraph, startMetaGraph } from '../fakes/meta-graph.ts'
import { openTestStore, type TestStore } from '../fakes/test-store.ts'
import { type FormsWorld, formsWorld, token, type WorldOptions } from './forms-world.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/forms', name), 'utf8')
const secretsOf = (signing: string | null, accessToken: string | null = null) =>
  JSON.stringify({ signing, accessToken })

let store: TestStore
let clock: FakeClock
let world: FormsWorld
let items: Inbound[]
let reports: StateReport[]
let skipped: string[]
let url: string
let accountId: number

async function open(options: Partial<WorldOptions> = {}): Promise<void> {
  world = await formsWorld({
    store,
    accountId,
    clock,
    seen: (item) => void items.push(item),
    reported: (report) => void reports.push(report),
    around: (deliver) => (id, list, cursors, counts) => {
      if (counts) skipped.push(counts.reason)
      return deliver(id, list, cursors, counts)
    },
    ...options,
  })
  url = await world.url()
}

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  items = []
  reports = []
  skipped = []
  accountId = await store.addAccount('form', { token })
})
afterEach(async () => {
  await world.stop()
  await store.close()
})

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
const until = (check: () => void) =>
  eventually('what the test waits for', () => {
    check()
    return true
  })
const formOf = (item: Inbound | undefined): FormContent => {
  if (item?.content.kind !== 'form') throw new Error('no form arrived')
  return item.content
}

describe('a signed form', () => {
  const body = fixture('webflow.json')
  const sign = (at: number, secret = 's3cret') => ({
    'x-webflow-timestamp': String(at),
    'x-webflow-signature': createHmac('sha256', secret).update(`${at}:${body}`).digest('hex'),
  })
  const signed = { settings: { provider: 'webflow', signed: true }, secret: () => secretsOf('s3cret') } as const

  it('takes a valid post once, also when it is replayed; refuses wrong and stale ones and says so', async () => {
    await open(signed)
    const headers = sign(clock.now())
    expect((await post(body, headers)).status).toBe(200)
    expect((await post(body, headers)).status).toBe(200)
    expect(await world.stored()).toEqual([body])

    const wrong = await post(body, sign(clock.now(), 'other'))
    expect([wrong.status, ((await wrong.json()) as { error: string }).error]).toEqual([
      401,
      'The signature does not match. Compare the secret on both sides. Nothing was taken.',
    ])
    expect((await post(body)).status).toBe(401)
    await clock.advance(6 * minute)
    expect((await post(body, headers)).status).toBe(401)
    expect(skipped).toEqual(Array(3).fill('a post without a valid signature was refused'))
    expect(await world.stored()).toHaveLength(1)
  })

  it('is known again for ever, also under a new signature', async () => {
    await open(signed)
    await post(body, sign(clock.now()))
    await clock.advance(day)
    expect((await post(body, sign(clock.now()))).status).toBe(200)
    expect(await world.stored()).toHaveLength(1)
  })

  it('whose secret is gone takes nothing, lets the sender keep it, and says what to do', async () => {
    let keychain: string | null = null
    await open({ ...signed, secret: () => keychain })
    expect(reports.at(-1)).toMatchObject({ state: 'auth-failed', message: expect.stringContaining('Paste it again') })
    const answer = await post(body, sign(clock.now()))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30'])
    keychain = secretsOf('s3cret')
    expect((await post(body, sign(clock.now()))).status).toBe(200)
    await world.channel.poll()
    expect(reports.at(-1)).toMatchObject({ state: 'ok' })
  })

  it('leaves no secret and no lead in the log', async () => {
    await open(signed)
    await post(body, sign(clock.now(), 'other'))
    await post(body, sign(clock.now()))
    for (const word of ['s3cret', 'Zaphod', 'heartofgold', token]) expect(world.lines.join('\n')).not.toContain(word)
  })
})

describe('posts of providers on an unsigned address', () => {
  it.each([
    ['google.json', 'Dolores Haze', 'Google Ads'],
    ['typeform.json', 'Ana Lopez', 'Google Ads'],
    ['calendly-created.json', 'John Doe', 'Facebook Ads'],
    ['gravity.json', 'Ana Lopez', 'Website'],
  ])('%s is understood and stored once, however often it comes', async (name, person, source) => {
    await open()
    for (let time = 0; time < 3; time++) {
      expect((await post(fixture(name))).status).toBe(200)
      await clock.advance(day)
    }
    expect(items).toHaveLength(1)
    expect(formOf(items[0]).known.name).toBe(person)
    expect(items[0]?.source.name).toBe(source)
    // Google marks its test data.
    expect(items[0]?.tryOut ?? false).toBe(name === 'google.json')
  })

  it('of Jotform come as multipart', async () => {
    await open()
    const form = new FormData()
    for (const [name, value] of Object.entries(JSON.parse(fixture('jotform.json')) as Record<string, string>)) {
      form.set(name, value)
    }
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200)
    expect(formOf(items[0]).known.email).toBe('mina@ohara.example')
    expect(items[0]?.externalId).toBe('key:jotform:5834567890123456789')
  })

  it('of Elementor, which numbers nothing, are known by their content', async () => {
    await open()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const time of ['9:25', '9:26']) {
      await post(fixture('elementor-plain.txt').replace('9%3A25', encodeURIComponent(time)), headers)
    }
    expect(items).toHaveLength(1)
  })

  it('happened when the person sent them, not when they came', async () => {
    await open({ settings: { provider: 'webflow' } })
    const sent = new Date(clock.now() - 3 * day).toISOString()
    await post(fixture('webflow.json').replace('2026-03-02T09:18:05.117Z', sent))
    expect(items[0]?.at).toBe(Date.parse(sent))
    const future = new Date(clock.now() + day).toISOString()
    await post(fixture('webflow.json').replace('2026-03-02T09:18:05.117Z', future).replace('6321ca', '7321ca'))
    expect(items[1]?.at).toBe(clock.now())
  })

  it('that mean nothing for the inbox are answered and counted', async () => {
    await open()
    const moved = fixture('calendly-created.json')
      .replace('invitee.created', 'invitee.canceled')
      .replace('"rescheduled": false', '"rescheduled": true')
    expect((await post(moved)).status).toBe(200)
    expect([items, skipped]).toEqual([[], ['Calendly: the old time of a meeting that was moved']])
  })
})

describe('a post that something else took for this computer', () => {
  const handed = (body: string, at = clock.now(), headers: Record<string, string> = {}) =>
    world.listener.handOver(token, {
      bytes: Buffer.from(body),
      headers: { 'content-type': 'application/json', ...headers },
      at,
    })

  it('is taken, refused or unknown', async () => {
    await open()
    expect(await handed('{"name":"Ana"}')).toBe('taken')
    expect(await handed('{"name"')).toBe('refused')
    expect(await world.listener.handOver('0'.repeat(32), { bytes: Buffer.from('{}'), headers: {}, at: 0 })).toBe(
      'unknown',
    )
    expect(items).toHaveLength(1)
  })

  it('is judged by the time it came in there, days before it is read here', async () => {
    await open({ settings: { provider: 'webflow', signed: true }, secret: () => secretsOf('s3cret') })
    const body = fixture('webflow.json')
    const at = clock.now()
    const signature = createHmac('sha256', 's3cret').update(`${at}:${body}`).digest('hex')
    await clock.advance(3 * day)
    const headers = { 'x-webflow-timestamp': String(at), 'x-webflow-signature': signature }
    expect(await handed(body, at + second, headers)).toBe('taken')
    expect(await handed(body, at + 6 * minute, headers)).toBe('refused')
  })

  it('is one lead however late and in whatever order its copies come', async () => {
    await open()
    const at = clock.now()
    await clock.advance(3 * day)
    for (const came of [at + 20 * second, at, at + 20 * second])
      expect(await handed('{"name":"Ana"}', came)).toBe('taken')
    expect(items.map((it) => it.at)).toEqual([at + 20 * second])
  })

  it('rejects when it cannot be stored now', async () => {
    await open({ around: () => () => Promise.reject(new Error('database or disk is full')) })
    await expect(handed('{"name":"Ana"}')).rejects.toThrow('disk is full')
  })
})

describe('Meta', () => {
  const leadId = '55459717045641545'
  const webhook = fixture('meta-webhook.json')
  let graph: MetaGraph
  beforeEach(async () => {
    graph = await startMetaGraph('page-token')
    graph.leads.set(leadId, fixture('meta-lead.json'))
  })
  afterEach(() => graph.stop())

  const openMeta = () =>
    open({
      settings: { provider: 'meta', source: 'Facebook', signed: true, baseUrl: graph.url },
      secret: () => secretsOf('app-secret', 'page-token'),
    })
  const send = (body = webhook, secret = 'app-secret') =>
    post(body, { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` })
  const awaited = () => world.channel.poll()

  it('asks whether the address is ours and gets its words back, as plain text', async () => {
    await openMeta()
    const ask = (verify: string) =>
      fetch(`${url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${verify}`)
    const answer = await ask(token)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      '1158201444',
    ])
    expect((await ask('wrong')).status).toBe(403)
  })

  it('names a lead, which is fetched with the token and stored once', async () => {
    await openMeta()
    expect((await send()).status).toBe(200)
    await until(() => expect(items).toHaveLength(1))
    expect(formOf(items[0]).known).toMatchObject({ name: 'Ravi Patel', email: 'ravi@patel.example' })
    expect(items[0]).toMatchObject({
      externalId: `key:meta:${leadId}`,
      source: { name: 'Facebook', detail: { campaign_name: 'Kitchens 2026', page_id: '153125381133', platform: 'ig' } },
    })
    const [asked] = graph.asked
    expect(asked).toMatchObject({ path: `/v26.0/${leadId}`, authorization: 'Bearer page-token' })
    expect(asked?.query.get('appsecret_proof')).toBe(
      createHmac('sha256', 'app-secret').update('page-token').digest('hex'),
    )
    expect(asked?.query.has('access_token')).toBe(false)

    await send()
    await awaited()
    expect([items.length, graph.asked.length]).toEqual([1, 1])
  })

  it('with a wrong signature names nothing', async () => {
    await openMeta()
    expect((await send(webhook, 'other')).status).toBe(401)
    await awaited()
    expect(graph.asked).toEqual([])
  })

  it.each([
    ['is down', graphError(500, 2), 'backing-off', 'Facebook has a problem'],
    ['asks to slow down', graphError(400, 4), 'backing-off', 'slow down'],
    ['answers no JSON', { status: 502, body: '<html>' }, 'backing-off', 'Facebook has a problem'],
    ['refuses the token', graphError(401, 190), 'auth-failed', 'refuses the access token'],
    ['misses a permission', graphError(403, 200), 'auth-failed', 'leads_retrieval'],
  ])('%s: the lead waits on this computer and comes when it is over', async (_name, trouble, state, words) => {
    await openMeta()
    graph.trouble = trouble
    expect((await send()).status).toBe(200)
    await until(() => expect(reports.at(-1)).toMatchObject({ state, message: expect.stringContaining(words) }))
    expect(items).toEqual([])
    graph.trouble = null
    await clock.advance(minute)
    await until(() => expect(items).toHaveLength(1))
    await until(() => expect(reports.at(-1)).toMatchObject({ state: 'ok' }))
  })

  it('lead that waits is still there after a restart', async () => {
    await openMeta()
    graph.trouble = graphError(500, 1)
    await send()
    await until(() => expect(reports.at(-1)?.state).toBe('backing-off'))
    await world.stop()
    graph.trouble = null
    await openMeta()
    await until(() => expect(items).toHaveLength(1))
  })

  it('lead that nobody knows holds up no other, and is given up after three days', async () => {
    await openMeta()
    await send(webhook.replace(leadId, '444444444444'))
    await until(() => expect(reports.at(-1)?.message).toContain('does not know a lead'))
    await send()
    await until(() => expect(items).toHaveLength(1))
    await clock.advance(3 * day + minute)
    await awaited()
    expect(skipped.at(-1)).toContain('no longer gives this lead out')
    expect(reports.at(-1)?.state).toBe('ok')
  })

  it('leads of many webhooks at once are all fetched, each once', async () => {
    await openMeta()
    const ids = Array.from({ length: 20 }, (_, index) => String(7000 + index))
    for (const id of ids) graph.leads.set(id, fixture('meta-lead.json').replace(leadId, id))
    const answers = await Promise.all([...ids, ...ids].map((id) => send(webhook.replace(leadId, id))))
    expect(answers.map((it) => it.status)).toEqual(Array(40).fill(200))
    await until(() => expect(items).toHaveLength(20))
    await awaited()
    expect(
      new Set(
        (await store.read.db.selectFrom('inbound_item').select('external_id').execute()).map((it) => it.external_id),
      ).size,
    ).toBe(20)
    expect(items).toHaveLength(20)
  })
})
