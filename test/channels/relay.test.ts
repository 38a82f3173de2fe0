import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unpackEnvelope } from '../../src/relay/envelope.ts'
import { openOpener } from '../../src/relay/sealed-box.ts'
import { pullOutput } from '../../src/relay/wire.ts'
import { eventually } from '../fakes/eventually.ts'
import {
  call,
  inviteOf,
  makeHook,
  type RelayEnvironment,
  type RelayProcess,
  registerWorkspace,
  startRelayProcess,
  type TestWorkspace,
} from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const token = '00112233445566778899aabbccddeeff'
const publicUrl = 'https://relay.example'

let folder: string
let relay: RelayProcess
let workspace: TestWorkspace
let path: string
let relays: RelayProcess[]

beforeEach(async () => {
  relays = []
  await restart()
  workspace = await registerWorkspace(relay.url)
  path = await makeHook(relay.url, workspace, token)
})
afterEach(async () => {
  for (const it of relays) await it.kill()
})

async function restart(environment: RelayEnvironment = {}, same = false): Promise<void> {
  for (const it of relays) await it.stop()
  if (!same) folder = temporaryFolder()
  relay = await startRelayProcess({ RELAY_DATA: folder, RELAY_PUBLIC_URL: publicUrl, ...environment })
  relays.push(relay)
}

async function fresh(environment: RelayEnvironment): Promise<void> {
  await restart(environment)
  workspace = await registerWorkspace(relay.url)
  path = await makeHook(relay.url, workspace, token)
}

const post = (body: BodyInit, headers: Record<string, string> = {}, to = path) =>
  fetch(`${relay.url}${to}`, { method: 'POST', body, headers, redirect: 'manual' })
const form = (fields: Record<string, string>) => new URLSearchParams(fields)

async function pull(waitMs = 0, more: object = {}, signal: AbortSignal | null = null) {
  const answer = await fetch(`${relay.url}/v1/pull`, {
    method: 'POST',
    headers: { authorization: `Bearer ${workspace.key}` },
    body: JSON.stringify({ consumer: 'desk', waitMs, max: 100, ...more }),
    signal,
  })
  expect(answer.status).toBe(200)
  return pullOutput.parse(await answer.json())
}
const ack = (upTo: number) => call(relay.url, 'POST', '/v1/ack', workspace.key, { consumer: 'desk', upTo })

async function fetched(waitMs = 0) {
  const open = openOpener(workspace.privateKey)
  return (await pull(waitMs)).deliveries.map(({ seq, box }) => {
    const opened = open(workspace.id, Buffer.from(box, 'base64'))
    if (opened.kind !== 'opened') throw new Error(opened.kind)
    const envelope = unpackEnvelope(opened.plaintext)
    if (!envelope) throw new Error('no envelope')
    return { seq, ...envelope, text: Buffer.from(envelope.body).toString() }
  })
}

describe('a post', () => {
  it('reaches the desktop as it was: bytes, headers, exact public address, time', async () => {
    const body = '{"name":"Ana",  "emoji":"💬"}'
    const before = Date.now()
    const answer = await post(
      body,
      { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=ab' },
      `${path}?utm_source=g%20h`,
    )
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }])
    const [delivery] = await fetched()
    expect(delivery).toMatchObject({
      seq: 1,
      hook: token,
      method: 'POST',
      url: `${publicUrl}${path}?utm_source=g%20h`,
      text: body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=ab' },
    })
    expect(delivery?.receivedAt).toBeGreaterThanOrEqual(before)
  })

  it('may be of any content type and any bytes', async () => {
    const bytes = randomBytes(5000)
    await post(bytes, { 'content-type': 'application/octet-stream' })
    await post('plain', { 'content-type': 'text/plain' })
    const data = new FormData()
    data.set('name', 'Ana')
    await post(data)
    const all = await fetched()
    expect(Buffer.from(all[0]?.body ?? []).equals(bytes)).toBe(true)
    expect(all[1]?.text).toBe('plain')
    expect(all[2]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(all[2]?.text).toContain('Ana')
  })

  it('of a browser is thanked on a page or sent on to the page the form names', async () => {
    const accept = { accept: 'text/html,*/*' }
    const thanked = await post(form({ name: 'Ana' }), accept)
    expect(thanked.headers.get('content-type')).toContain('text/html')
    expect(await thanked.text()).toContain('Thank you')
    const sent = await post(form({ name: 'Ana', _next: 'https://shop.example/thanks' }), accept)
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://shop.example/thanks'])
    const trick = await post(form({ _next: 'javascript:alert(1)' }), accept)
    expect(trick.status).toBe(200)
  })

  it('under a name that came before is stored once, and with other content twice', async () => {
    const name = { 'idempotency-key': 'k-1' }
    for (const body of ['one', 'one', 'two']) expect((await post(body, name)).status).toBe(200)
    expect((await fetched()).map((it) => it.text)).toEqual(['one', 'two'])
    await ack(2)
    await restart({}, true)
    expect((await post('one', name)).status).toBe(200)
    expect(await fetched()).toEqual([])
  })

  it('to an address that does not exist is 404 and tells nothing', async () => {
    for (const it of [
      `/h/${workspace.id}/${'f'.repeat(32)}`,
      `/h/${'0'.repeat(16)}/${token}`,
      '/h/x/y',
      '/',
      `${path}/x`,
    ]) {
      const answer = await post('x', {}, it)
      expect([it, answer.status, await answer.text()]).toEqual([it, 404, 'Not found\n'])
    }
  })

  it('after its address was removed is refused, in a few seconds everywhere', async () => {
    await post('one')
    await call(relay.url, 'DELETE', `/v1/hooks/${token}`, workspace.key)
    await restart({}, true)
    expect((await post('two')).status).toBe(404)
    expect((await fetched()).map((it) => it.text)).toEqual(['one'])
  })

  it('from a script on another website is allowed', async () => {
    const asked = await fetch(`${relay.url}${path}`, { method: 'OPTIONS' })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })
})

describe('handshakes and answers', () => {
  it('Meta gets its challenge back for the right word only', async () => {
    const ask = (query: object) => fetch(`${relay.url}${path}?${new URLSearchParams(query as Record<string, string>)}`)
    const right = { 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': '1158201444' }
    const answer = await ask(right)
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444'])
    expect((await ask({ ...right, 'hub.verify_token': 'wrong' })).status).toBe(403)
    expect((await ask({ ...right, 'hub.challenge': '<script>' })).status).toBe(403)
    expect((await ask({ ...right, 'hub.mode': 'unsubscribe' })).status).toBe(403)
    const own = await makeHook(relay.url, workspace, '1'.repeat(32), 'form', 'our own word')
    const other = await fetch(
      `${relay.url}${own}?${new URLSearchParams({ ...right, 'hub.verify_token': 'our own word' })}`,
    )
    expect(await other.text()).toBe('1158201444')
    expect(await fetched()).toEqual([])
  })

  it('Twilio gets TwiML that does nothing, and everything its signature covers is kept', async () => {
    const hook = await makeHook(relay.url, workspace, '2'.repeat(32), 'twilio')
    const answer = await post(
      form({ MessageSid: 'SM1', Body: 'Hi' }),
      { 'x-twilio-signature': 'sig', 'i-twilio-idempotency-token': 't-1' },
      `${hook}?leg=1`,
    )
    expect(answer.headers.get('content-type')).toContain('text/xml')
    expect(await answer.text()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>')
    // Twilio's own retry of the same thing.
    await post(
      form({ MessageSid: 'SM1', Body: 'Hi' }),
      { 'x-twilio-signature': 'sig', 'i-twilio-idempotency-token': 't-1' },
      `${hook}?leg=1`,
    )
    expect(await fetched()).toMatchObject([
      { url: `${publicUrl}${hook}?leg=1`, text: 'MessageSid=SM1&Body=Hi', headers: { 'x-twilio-signature': 'sig' } },
    ])
  })

  it('unsubscribing: a look changes nothing, a POST does, and the page has a button', async () => {
    const hook = await makeHook(relay.url, workspace, '3'.repeat(32), 'unsubscribe')
    const page = await fetch(`${relay.url}${hook}/opaque-Token_1`)
    expect(await page.text()).toContain('<form method="post">')
    await fetch(`${relay.url}${hook}/opaque-Token_1`, { method: 'HEAD' })
    expect(await fetched()).toEqual([])
    const done = await post(
      'List-Unsubscribe=One-Click',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `${hook}/opaque-Token_1`,
    )
    expect(done.status).toBe(200)
    expect(await fetched()).toMatchObject([{ url: `${publicUrl}${hook}/opaque-Token_1` }])
    expect((await post('', {}, hook)).status).toBe(404)
  })
})

/** Sends a head and then chunks of 64 KB until the relay has had enough; answers what it said. */
function dribble(head: string, chunks: number): Promise<string> {
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  return new Promise((resolve) => {
    let said = ''
    socket.on('data', (bytes) => {
      said += String(bytes)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(said))
    socket.write(head)
    for (let count = 0; count < chunks; count++) socket.write(chunk)
  })
}

describe('limits', () => {
  it('more than a megabyte is refused, announced or not, and the next post goes through', async () => {
    expect((await post(Buffer.alloc(1024 * 1024 + 1))).status).toBe(413)
    expect(await dribble(`POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`, 40)).toContain('413')
    expect((await post(Buffer.alloc(1024 * 1024))).status).toBe(200)
    expect(await fetched()).toHaveLength(1)
  })

  it('a hook takes its burst and then asks to wait; another hook is not held up by it', async () => {
    await fresh({ RELAY_HOOK_BURST: '3', RELAY_HOOK_PER_SECOND: '0.01' })
    const other = await makeHook(relay.url, workspace, '4'.repeat(32))
    const statuses = []
    for (let count = 0; count < 5; count++) statuses.push((await post(`${count}`)).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const refused = await post('again')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await post('other', {}, other)).status).toBe(200)
    expect(await fetched()).toHaveLength(4)
  })

  it('a sender takes its burst over all hooks; behind a proxy it is known by the last hop', async () => {
    await fresh({ RELAY_SENDER_BURST: '4', RELAY_SENDER_PER_SECOND: '0.01', RELAY_BEHIND_PROXY: '1' })
    const from = (address: string) => post('x', { 'x-forwarded-for': `1.1.1.1, ${address}` })
    const statuses = []
    for (let count = 0; count < 6; count++) statuses.push((await from('203.0.113.5')).status)
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
    expect((await from('203.0.113.6')).status).toBe(200)
  })

  it('a full mailbox is 507 and takes again when the desktop has fetched', async () => {
    await fresh({ RELAY_WAITING_ITEMS: '2' })
    expect((await post('one')).status).toBe(200)
    expect((await post('two')).status).toBe(200)
    const full = await post('three', { 'idempotency-key': 'three' })
    expect([full.status, full.headers.get('retry-after')]).toEqual([507, '3600'])
    await pull()
    await ack(2)
    expect((await post('three', { 'idempotency-key': 'three' })).status).toBe(200)
    expect((await fetched()).map((it) => it.text)).toEqual(['three'])
  })

  it('a full disk is 507, nothing half stored, and the desktop can still empty it', async () => {
    await fresh({ RELAY_MAX_MB: '0.6' })
    let taken = 0
    let status = 0
    for (let count = 0; count < 40 && status !== 507; count++) {
      status = (await post(`${count}`.padEnd(40_000, '.'))).status
      if (status === 200) taken += 1
    }
    expect(status).toBe(507)
    expect(taken).toBeGreaterThan(3)
    const all = await fetched()
    expect(all.map((it) => Number.parseInt(it.text, 10))).toEqual(Array.from({ length: taken }, (_, index) => index))
    expect(await (await ack(taken)).json()).toEqual({ acknowledged: taken })
    expect((await post('after')).status).toBe(200)
    expect(await fetched()).toMatchObject([{ text: 'after' }])
  })

  it('a sender that dribbles its headers is cut off, and others are served meanwhile', async () => {
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    socket.on('error', () => {})
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n`)
    const dribble = setInterval(() => socket.write('x-slow: 1\r\n'), 500)
    try {
      expect((await post('quick')).status).toBe(200)
      await eventually('the connection is closed', () => socket.destroyed)
      expect(answer).toContain('408')
    } finally {
      clearInterval(dribble)
      socket.destroy()
    }
  })
})

describe('who may fetch', () => {
  it('nobody without the key of the workspace', async () => {
    await post('secret')
    const other = await registerWorkspace(relay.url)
    const body = { consumer: 'desk', waitMs: 0, max: 10 }
    for (const key of [
      '',
      'x',
      workspace.key.slice(0, -1),
      `${workspace.key}0`,
      workspace.key.replace(workspace.id, other.id),
      `dbr_${workspace.id}_${'0'.repeat(64)}`,
    ]) {
      expect((await call(relay.url, 'POST', '/v1/pull', key, body)).status).toBe(401)
      expect((await call(relay.url, 'POST', '/v1/ack', key, { consumer: 'desk', upTo: 9 })).status).toBe(401)
      expect(
        (await call(relay.url, 'PUT', `/v1/hooks/${token}`, key, { kind: 'form', verifyToken: null })).status,
      ).toBe(401)
    }
    expect(
      pullOutput.parse(await (await call(relay.url, 'POST', '/v1/pull', other.key, body)).json()).deliveries,
    ).toEqual([])
    expect(await fetched()).toHaveLength(1)
  })

  it('a workspace is opened with an invite, once, or with the operator’s token', async () => {
    const invite = inviteOf({ RELAY_DATA: folder })
    expect((await registerWorkspace(relay.url, invite)).id).toMatch(/^[0-9a-f]{16}$/)
    const publicKey = Buffer.alloc(32, 9).toString('base64')
    for (const bearer of [invite, 'dbi_made-up', '']) {
      expect((await call(relay.url, 'POST', '/v1/workspaces', bearer, { publicKey })).status).toBe(401)
    }
    const weak = Buffer.alloc(32).toString('base64')
    expect(
      (await call(relay.url, 'POST', '/v1/workspaces', 'operator-token-of-tests', { publicKey: weak })).status,
    ).toBe(400)
  })
})

describe('what the operator sees', () => {
  it('no word of a lead in the files or in the log, also of what was refused or broken', async () => {
    const words = ['Ana-Unmistakable', 'ana.unmistakable@example.com', '+14155559876', 'quite-unmistakable']
    await post(form({ name: words[0] ?? '', email: words[1] ?? '', phone: words[2] ?? '' }), {
      referer: `https://shop.example/${words[3]}`,
    })
    await post(
      JSON.stringify({ name: words[0] }),
      { 'content-type': 'application/json', 'idempotency-key': words[3] ?? '' },
      `${path}?name=${words[0]}`,
    )
    await post(words.join(' ').padEnd(2 * 1024 * 1024))
    await post(words.join(' '), { 'content-encoding': 'gzip' })
    await post(words.join(' '), {}, `/h/${workspace.id}/${words[0]}`)
    await call(relay.url, 'POST', '/v1/pull', words[3] ?? '', { name: words[0] })
    expect(await fetched()).toHaveLength(2)
    await relay.stop()
    const files = readdirSync(folder)
    expect(files).toContain('relay.db')
    const bytes = Buffer.concat([...files.map((name) => readFileSync(join(folder, name))), Buffer.from(relay.log())])
    for (const word of [
      ...words,
      ...words.map((it) => encodeURIComponent(it)),
      token,
      workspace.key,
      workspace.privateKey.toString('base64'),
    ]) {
      expect([word, bytes.includes(word)]).toEqual([word, false])
    }
  })
})

describe('the long poll', () => {
  it('waits, and answers the moment something arrives', async () => {
    const waiting = pull(55_000)
    await post('now')
    const started = performance.now()
    expect((await waiting).deliveries).toHaveLength(1)
    // Far from the end of its time, on any machine.
    expect(performance.now() - started).toBeLessThan(40_000)
  })

  it('answers empty after its time: the heartbeat', async () => {
    const before = Date.now()
    const beat = await pull(300)
    expect(beat).toMatchObject({ deliveries: [], lastSeq: 0, waiting: 0 })
    expect(beat.now).toBeGreaterThanOrEqual(before + 300)
  })

  it('survives many posts at once, in order, and gives back what was not acknowledged', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => post(`post ${index}`)))
    const first = await fetched(1000)
    expect(first.map((it) => it.seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
    expect(new Set(first.map((it) => it.text)).size).toBe(50)
    await ack(20)
    expect((await fetched()).map((it) => it.seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 21))
  })

  it('of a desktop that asks again is ended, so that nothing is handed to nobody', async () => {
    const old = pull(20_000)
    await eventually('the first question waits', async () => (await fetch(`${relay.url}/healthz`)).ok)
    const young = pull(20_000)
    expect((await old).deliveries).toEqual([])
    await post('for the second')
    expect((await young).deliveries).toHaveLength(1)
  })

  it('of a desktop that went away holds nothing back from the next one', async () => {
    const gone = new AbortController()
    const waiting = pull(20_000, {}, gone.signal).catch(() => null)
    gone.abort()
    await waiting
    await post('kept')
    expect(await fetched(1000)).toHaveLength(1)
  })

  it('is answered when the relay is stopped in order', async () => {
    const waiting = pull(20_000)
    await eventually('the question waits', async () => (await fetch(`${relay.url}/healthz`)).ok)
    await relay.stop()
    expect((await waiting).deliveries).toEqual([])
  })
})
