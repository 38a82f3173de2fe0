import { createHash } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpackEnvelope } from '../../src/relay/envelope.ts'
import { openOpener } from '../../src/relay/sealed-box.ts'
import { pullOutput } from '../../src/relay/wire.ts'
import { eventually } from '../fakes/eventually.ts'
import { postgresPrograms, startPostgres, type TestPostgres } from '../fakes/postgres.ts'
import {
  call,
  makeHook,
  type RelayProcess,
  registerWorkspace,
  startRelayProcess,
  type TestWorkspace,
} from '../fakes/relay/relay-process.ts'

const token = '00112233445566778899aabbccddeeff'
const programs = postgresPrograms()
const missing = programs === null ? ' (skipped: install Debian’s package postgresql)' : ''

describe.skipIf(programs === null)(`two relays on one PostgreSQL${missing}`, () => {
  let postgres: TestPostgres
  let relays: [RelayProcess, RelayProcess]
  let workspace: TestWorkspace
  let path: string

  const start = () =>
    startRelayProcess({ DATABASE_URL: postgres.url, RELAY_SENDER_BURST: '100000', RELAY_HOOK_BURST: '100000' })

  beforeAll(async () => {
    postgres = await startPostgres(programs ?? '')
    // Together: both make the tables.
    relays = await Promise.all([start(), start()])
    workspace = await registerWorkspace(relays[0].url)
    path = await makeHook(relays[1].url, workspace, token)
  })
  afterAll(async () => {
    for (const it of relays ?? []) await it.kill()
    await postgres?.stop()
  })

  const post = (relay: RelayProcess, text: string, headers: Record<string, string> = {}) =>
    fetch(`${relay.url}${path}`, { method: 'POST', body: text, headers })

  const pull = async (relay: RelayProcess, consumer: string, waitMs = 0, max = 20) => {
    const answer = await call(relay.url, 'POST', '/v1/pull', workspace.key, { consumer, waitMs, max })
    const open = openOpener(workspace.privateKey)
    return pullOutput.parse(await answer.json()).deliveries.map(({ seq, box }) => {
      const opened = open(workspace.id, Buffer.from(box, 'base64'))
      const envelope = opened.kind === 'opened' ? unpackEnvelope(opened.plaintext) : null
      return { seq, text: Buffer.from(envelope?.body ?? []).toString() }
    })
  }

  it('end when they cannot serve, whatever is open to the database', async () => {
    const RELAY_PORT = new URL(relays[0].url).port
    await expect(startRelayProcess({ DATABASE_URL: postgres.url, RELAY_PORT })).rejects.toThrow('ended with 1')
  })

  it('hand each of many posts to one of two desktops, once, and both work', async () => {
    const count = 300
    const sent = Promise.all(
      Array.from({ length: count }, (_, index) => post(relays[index % 2 ? 1 : 0], `post ${index}`)),
    )
    const got: { readonly seq: number; readonly text: string }[] = []
    const shares = [0, 0]
    const desk = async (number: 0 | 1) => {
      while (got.length < count) {
        const some = await pull(relays[number], `desk-${number}`, 300)
        got.push(...some)
        shares[number] = (shares[number] ?? 0) + some.length
        const upTo = some.at(-1)?.seq
        if (upTo) await call(relays[number].url, 'POST', '/v1/ack', workspace.key, { consumer: `desk-${number}`, upTo })
      }
    }
    await Promise.all([sent, desk(0), desk(1)])
    expect((await sent).every((it) => it.status === 200)).toBe(true)
    expect(got.map((it) => it.seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    )
    expect(new Set(got.map((it) => it.text)).size).toBe(count)
    expect(Math.min(...shares)).toBeGreaterThan(0)
  })

  it('pass an answer in a chat to the browser that waits at the other one, once', async () => {
    const chat = 'c'.repeat(32)
    await makeHook(relays[0].url, workspace, chat, 'chat')
    const secret = 'ab'.repeat(32)
    const visitor = createHash('sha256').update(secret).digest('hex').slice(0, 32)
    const visit = (relay: RelayProcess, what: string, body: object) =>
      fetch(`${relay.url}/chat/${workspace.id}/${chat}/${what}`, { method: 'POST', body: JSON.stringify(body) })
    const key = Buffer.alloc(65, 4).toString('base64')
    const message = { secret, id: '1'.repeat(32), key, text: 'Hello', at: 1 }
    const twice = await Promise.all(relays.map((relay) => visit(relay, 'messages', message)))
    expect(twice.map((it) => it.status)).toEqual([200, 200])
    const [arrived, ...others] = await pull(relays[0], 'chat')
    expect(others).toEqual([])
    await call(relays[0].url, 'POST', '/v1/ack', workspace.key, { consumer: 'chat', upTo: arrived?.seq })
    const waits = visit(relays[1], 'answers', { secret, after: 0, waitMs: 20_000 })
    const answer = { visitor, id: '2'.repeat(32), box: 'c2VjcmV0' }
    const kept = await Promise.all(
      relays.map((relay) => call(relay.url, 'POST', '/v1/chat/answers', workspace.key, answer)),
    )
    const taken = await Promise.all(kept.map(async (it) => ((await it.json()) as { taken: string }).taken))
    expect(taken.sort()).toEqual(['known', 'stored'])
    expect(await (await waits).json()).toMatchObject({ answers: [{ id: answer.id, box: 'c2VjcmV0' }] })
  })

  it('wake a desktop that waits at the one when a post comes to the other', async () => {
    const waiting = pull(relays[0], 'desk-0', 55_000)
    await post(relays[1], 'over there')
    const started = performance.now()
    expect((await waiting).map((it) => it.text)).toEqual(['over there'])
    expect(performance.now() - started).toBeLessThan(40_000)
  })

  it('know a name that came to the other', async () => {
    const before = (await pull(relays[0], 'desk-0', 0)).length
    const name = { 'idempotency-key': 'same' }
    await Promise.all(Array.from({ length: 10 }, (_, index) => post(relays[index % 2 ? 1 : 0], 'same', name)))
    expect((await pull(relays[0], 'desk-0', 0)).length - before).toBe(1)
  })

  it('give what a killed relay had taken, and what a killed desktop had in hand', async () => {
    for (let index = 0; index < 5; index++) expect((await post(relays[0], `before ${index}`)).status).toBe(200)
    const inHand = await pull(relays[0], 'desk-0')
    await relays[0].kill()
    const again = await pull(relays[1], 'desk-0')
    expect(again).toEqual(inHand)
    expect(again.filter((it) => it.text.startsWith('before'))).toHaveLength(5)
    relays[0] = await start()
  })

  it('hear of each other again after PostgreSQL cut every connection', async () => {
    await call(relays[0].url, 'POST', '/v1/ack', workspace.key, { consumer: 'desk-0', upTo: 1_000_000 })
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()')
    await client.end()
    await eventually('a post is taken', async () => (await post(relays[1], 'after')).ok)
    expect((await pull(relays[0], 'desk-0', 20_000)).map((it) => it.text)).toContain('after')
  })

  it('keep no readable word in the database', async () => {
    await post(relays[0], 'Ana-Unmistakable')
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    const { rows } = await client.query<{ box: Buffer }>('select box from delivery')
    await client.end()
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some(({ box }) => box.includes('Ana-Unmistakable'))).toBe(false)
  })
})
