import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FormContent, Inbound, StateReport } from '../../src/channels/channel.ts'
import { minute, second } from '../../src/lib/durations.ts'
import { eventually } from '../fakes/eventually.ts'
import { type FakeClock, makeFakeClock } from '../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../fakes/test-store.ts'
import { type FormsWorld, formsWorld, token, type WorldOptions } from './forms-world.ts'

let store: TestStore
let clock: FakeClock
let world: FormsWorld
let items: Inbound[]
let url: string
let accountId: number

async function open(options: Partial<WorldOptions> = {}): Promise<void> {
  world = await formsWorld({ store, accountId, clock, seen: (item) => void items.push(item), ...options })
  url = await world.url()
}

beforeEach(async () => {
  store = openTestStore()
  clock = makeFakeClock()
  items = []
  accountId = await store.addAccount('form', { token })
})
afterEach(async () => {
  await world.stop()
  await store.close()
})

const json = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const urlencoded = (body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers, body: new URLSearchParams(body), redirect: 'manual' })

const ana = { name: 'Ana Lopez', email: 'ana@lopez-home.example', phone: '(415) 555-0187', message: 'A new kitchen' }
const formOf = (item: Inbound | undefined): FormContent => {
  if (item?.content.kind !== 'form') throw new Error('no form arrived')
  return item.content
}

describe('a post', () => {
  it('as JSON is stored before it is answered, with what it said kept', async () => {
    await open()
    const answer = await json({ ...ana, 'Project type': 'Remodel', budget: 18000 })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ ok: true })
    expect((await world.stored()).map((it) => JSON.parse(it))).toEqual([
      { ...ana, 'Project type': 'Remodel', budget: 18000 },
    ])
    const [item] = items
    expect(item?.parties).toEqual([
      { kind: 'email', value: ana.email, name: ana.name },
      { kind: 'phone', value: ana.phone, name: ana.name },
    ])
    expect(formOf(item).known).toEqual({ ...ana, budget: '18000' })
    expect(formOf(item).fields).toContainEqual({ label: 'Project type', value: 'Remodel' })
    expect(item).toMatchObject({ at: clock.now(), direction: 'in', history: false, source: { name: 'Website' } })
  })

  it('as urlencoded from a browser is answered with a page', async () => {
    await open()
    const answer = await urlencoded(
      { 'your-name': 'Åsa Ñuñez', 'your-email': 'asa@example.org' },
      { accept: 'text/html' },
    )
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Your message has arrived')
    expect(formOf(items[0]).known).toEqual({ name: 'Åsa Ñuñez', email: 'asa@example.org' })
  })

  it('as multipart is taken; a file is named but not kept', async () => {
    await open()
    const body = new FormData()
    body.set('fields[name]', 'Ana')
    body.set('fields[email]', 'ana@example.org')
    body.append('rooms[]', 'Kitchen')
    body.append('rooms[]', 'Bath')
    body.set('photo', new File(['x'], 'boiler.jpg', { type: 'image/jpeg' }))
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200)
    expect(formOf(items[0]).fields).toEqual([
      { label: 'fields name', value: 'Ana' },
      { label: 'fields email', value: 'ana@example.org' },
      { label: 'rooms', value: 'Kitchen, Bath' },
      { label: 'photo', value: 'boiler.jpg (a file; files are not kept)' },
    ])
    expect(formOf(items[0]).known).toEqual({ name: 'Ana', email: 'ana@example.org' })
  })

  it('sends a browser on to the page the form names, but only to a web page', async () => {
    await open()
    const html = { accept: 'text/html' }
    const next = await urlencoded({ ...ana, _next: 'https://example.org/thanks?x=1' }, html)
    expect([next.status, next.headers.get('location')]).toEqual([303, 'https://example.org/thanks?x=1'])
    const evil = await urlencoded({ ...ana, name: 'B', _next: 'javascript:alert(1)' }, html)
    expect([evil.status, evil.headers.get('location')]).toEqual([200, null])
    expect(formOf(items[0]).fields.map((it) => it.label)).not.toContain('_next')
  })

  it('keeps where the visitor came from with the source, not among the answers', async () => {
    await open()
    const tracking = { utm_source: 'google', utm_medium: 'cpc', utm_term: 'kitchen remodel near me', gclid: 'Cj0KC' }
    await json({ ...ana, ...tracking, landing_page: '/kitchens' }, { referer: 'https://brightwater.example/contact' })
    expect(items[0]?.source).toEqual({
      name: 'Google Ads',
      detail: { ...tracking, landing_page: '/kitchens', page: 'https://brightwater.example/contact' },
    })
    expect(formOf(items[0]).fields.map((it) => it.label)).toEqual(Object.keys(ana))
  })

  it('follows the mapping of the form before any guess', async () => {
    await open({ settings: { mapping: { Tel2: 'phone', kunde: 'name' } } })
    await json({ phone: '000 111 222', Tel2: '+1 415 555 0100', Kunde: 'Weber', name: 'not this' })
    expect(formOf(items[0]).known).toEqual({ phone: '+1 415 555 0100', name: 'Weber' })
  })

  it('in the hidden field of which nobody can see anything is dropped, counted and answered like any other', async () => {
    const counts: unknown[] = []
    await open({
      around: (deliver) => (id, list, cursors, count) => {
        counts.push(count)
        return deliver(id, list, cursors, count)
      },
    })
    const answer = await json({ ...ana, _gotcha: 'http://spam.example' })
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }])
    expect(await world.stored()).toEqual([])
    expect(counts).toEqual([{ skipped: 1, reason: expect.stringContaining('spam') }])
  })
})

describe('the same post again', () => {
  it('is stored once when it comes within ten minutes, twice when it comes later', async () => {
    await open()
    const double = await Promise.all([json(ana), json(ana), json(ana)])
    expect(double.map((it) => it.status)).toEqual([200, 200, 200])
    await clock.advance(10 * minute)
    expect((await json(ana)).status).toBe(200)
    expect(await world.stored()).toHaveLength(1)
    await clock.advance(13 * minute)
    await json(ana)
    expect(await world.stored()).toHaveLength(2)
  })

  it.each([
    ['idempotency-key', { 'idempotency-key': 'abc' }, {}],
    ['webhook-id', { 'webhook-id': 'msg_1' }, {}],
    ['a very long key', { 'idempotency-key': 'k'.repeat(900) }, {}],
    ['field _id', {}, { _id: 'submission-7' }],
  ])('is known by %s for ever, whatever else it says', async (_name, headers, fields) => {
    await open()
    await json({ ...ana, ...fields }, headers)
    await clock.advance(1000 * minute)
    const again = await json({ ...ana, ...fields, message: 'edited meanwhile' }, headers)
    expect(again.status).toBe(200)
    expect(await world.stored()).toHaveLength(1)
  })

  it('with another key is another request', async () => {
    await open()
    await json(ana, { 'idempotency-key': '1' })
    await json(ana, { 'idempotency-key': '2' })
    expect(await world.stored()).toHaveLength(2)
  })
})

describe('bad input', () => {
  it('of 300 fields is taken whole', async () => {
    await open()
    const fields = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`question ${index}`, `answer ${index}`]),
    )
    expect((await json(fields)).status).toBe(200)
    expect(formOf(items[0]).fields).toHaveLength(300)
    expect(formOf(items[0]).fields.at(-1)).toEqual({ label: 'question 299', value: 'answer 299' })
  })

  it('of more fields and longer texts is cut where it says so, and kept whole in the payload', async () => {
    await open()
    const fields = Object.fromEntries(Array.from({ length: 350 }, (_, index) => [`q${index}`, 'a']))
    const body = { story: 'x'.repeat(20_000), ...fields }
    expect((await json(body)).status).toBe(200)
    const shown = formOf(items[0]).fields
    expect(shown).toHaveLength(301)
    expect(shown.at(-1)?.value).toBe(
      '51 more fields and the end of 1 long text. The whole submission is kept with your data.',
    )
    expect(shown[0]?.value).toHaveLength(10_000)
    expect(JSON.parse((await world.stored())[0] ?? '')).toEqual(body)
  })

  it.each([
    ['a wrong content type', { body: 'name=Ana', headers: { 'content-type': 'text/plain' } }, 415],
    ['no content type', { body: new Uint8Array([1, 2]), headers: {} }, 415],
    ['XML', { body: '<a/>', headers: { 'content-type': 'application/xml' } }, 415],
    [
      'a compressed body',
      { body: 'x', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
      415,
    ],
    ['broken JSON', { body: '{"name": "Ana', headers: { 'content-type': 'application/json' } }, 400],
    ['a JSON text', { body: '"hello"', headers: { 'content-type': 'application/json' } }, 400],
    ['a list of forms', { body: '[{"a":1},{"b":2}]', headers: { 'content-type': 'application/json' } }, 400],
    ['an empty object', { body: '{}', headers: { 'content-type': 'application/json' } }, 400],
    ['blanks only', { body: 'name=+++', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 400],
    [
      'cut-off multipart',
      { body: '--b\r\nContent-Dis', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      400,
    ],
    ['multipart without a boundary', { body: 'x', headers: { 'content-type': 'multipart/form-data' } }, 400],
  ])('%s is refused with a sentence', async (_name, request, status) => {
    await open()
    const answer = await fetch(url, { method: 'POST', ...request })
    expect(answer.status).toBe(status)
    const { ok, error } = (await answer.json()) as { ok: boolean; error: string }
    expect(ok).toBe(false)
    expect(error).toMatch(/^[A-Z].*\.$/)
    expect(await world.stored()).toEqual([])
  })

  it('too large is refused, whether the size is told before or not', async () => {
    await open()
    const big = JSON.stringify({ message: 'x'.repeat(256 * 1024) })
    expect((await json(big)).status).toBe(413)
    const untold = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(64 * 1024))),
    })
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: untold, duplex: 'half' }
    const status = await fetch(url, request as RequestInit).then(
      (answer) => answer.status,
      // The connection may be closed on a sender that goes on after the answer.
      () => 413,
    )
    expect(status).toBe(413)
    expect(await world.stored()).toEqual([])
    expect((await json(ana)).status).toBe(200)
  })

  it('of hostile names is only text', async () => {
    await open()
    const body =
      '{"__proto__": "a", "constructor": "b", "toString": {"__proto__": {"polluted": "yes"}}, "utm___proto__": "c"}'
    expect((await json(body)).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(formOf(items[0]).fields.map((it) => it.label)).toContain('__proto__')
  })

  it.each([1_000, 5_000, 20_000, 40_000])(
    'of %i levels is taken or refused, and never sent again for ever',
    async (levels) => {
      await open()
      const answer = await json(`${'{"a":'.repeat(levels)}"x"${'}'.repeat(levels)}`)
      expect([200, 400]).toContain(answer.status)
    },
  )

  it('keeps 64-bit ids of ad networks digit by digit, and their lists of questions', async () => {
    await open()
    await json(`{
      "lead_id": 9007199254740993123,
      "user_column_data": [
        {"column_id": "FULL_NAME", "column_name": "Full name", "string_value": "Ana Lopez"},
        {"column_id": "EMAIL", "column_name": "User email", "string_value": "ana@example.org"}
      ]}`)
    expect(formOf(items[0]).fields).toEqual([
      { label: 'lead_id', value: '9007199254740993123' },
      { label: 'Full name', value: 'Ana Lopez' },
      { label: 'User email', value: 'ana@example.org' },
    ])
    expect(formOf(items[0]).known).toEqual({ name: 'Ana Lopez', email: 'ana@example.org' })
  })
})

describe('the address', () => {
  it('gives no hint when it is wrong', async () => {
    await open()
    const [wrong, none, elsewhere] = await Promise.all([
      fetch(url.slice(0, -1), { method: 'POST', body: '{}' }),
      fetch(`${await world.listener.origin()}/f/`),
      fetch(`${await world.listener.origin()}/`),
    ])
    for (const answer of [wrong, none, elsewhere]) {
      expect([answer.status, await answer.text()]).toEqual([404, 'Not found\n'])
    }
  })

  it('says to a visitor what it is for, allows posts from other sites, and nothing else', async () => {
    await open()
    expect(await (await fetch(url)).text()).toContain('takes form posts')
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://brightwater.example' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key')
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405)
  })

  it('slows down a flood, with the time to come again', async () => {
    await open({ limits: { perSender: { burst: 2, perSecond: 0.5 }, perForm: { burst: 4, perSecond: 1 } } })
    const from = (sender: string, name: string) => json({ name }, { 'x-forwarded-for': `6.6.6.6, ${sender}` })
    const statuses = []
    for (const [sender, name] of [
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
      ['b', '4'],
      ['c', '5'],
    ] as const) {
      const answer = await from(sender, name)
      statuses.push([answer.status, answer.headers.get('retry-after')])
    }
    expect(statuses).toEqual([
      [200, null],
      [200, null],
      [429, '2'],
      [200, null],
      [429, '1'],
    ])
    await clock.advance(2 * second)
    expect((await from('a', '3')).status).toBe(200)
  })
})

describe('trouble', () => {
  it('storing makes the sender keep it and come again', async () => {
    let full = true
    await open({
      around: (deliver) => (id, list, cursors) =>
        full
          ? Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))
          : deliver(id, list, cursors),
    })
    const answer = await json(ana)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30'])
    full = false
    expect((await json(ana)).status).toBe(200)
    expect(await world.stored()).toHaveLength(1)
  })

  it('leaves nothing of a lead in the log', async () => {
    await open({ around: () => () => Promise.reject(new Error('no')) })
    await json(ana)
    await json('{"name": "Ana Lop')
    expect(world.lines.length).toBeGreaterThanOrEqual(3)
    for (const word of ['Ana', 'lopez', '555', 'kitchen', token]) expect(world.lines.join('\n')).not.toContain(word)
  })

  it('of a sender that dribbles ends in time, and others are served meanwhile', async () => {
    await open({ limits: { headersWithin: 400, requestWithin: 800 } })
    const { port } = new URL(url)
    const slow = connect(Number(port), '127.0.0.1')
    let said = ''
    slow.on('data', (data) => {
      said += data
    })
    const closed = new Promise((resolve) => slow.once('close', resolve))
    slow.write(
      `POST /f/${token} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"na`,
    )
    expect((await json(ana)).status).toBe(200)
    await closed
    expect(said).toMatch(/408|400/)
    expect(await world.stored()).toHaveLength(1)
  })

  it('of a port that is taken is named, over when the port is free, and no matter to what a relay hands over', async () => {
    await open()
    const taken = Number(new URL(url).port)
    const reports: StateReport[] = []
    const other = await formsWorld({
      store,
      accountId,
      clock,
      limits: { portRetryEvery: 20 },
      ports: { candidates: async () => [taken], chosen: async () => {} },
      reported: (report) => void reports.push(report),
    })
    expect(reports.at(-1)).toMatchObject({
      state: 'backing-off',
      message: expect.stringContaining('Another program on this computer'),
    })
    const bytes = Buffer.from(JSON.stringify({ ...ana, message: 'through the relay' }))
    const post = { bytes, headers: { 'content-type': 'application/json' }, at: clock.now() }
    expect(await other.listener.handOver(token, post)).toBe('taken')
    expect(await other.stored()).toHaveLength(1)
    await world.stop()
    world = other
    await eventually('it listens', async () => {
      await clock.advance(20)
      return reports.at(-1)?.state === 'ok'
    })
    expect((await fetch(await other.url(), { method: 'POST', body: new URLSearchParams(ana) })).status).toBe(200)
  })
})
