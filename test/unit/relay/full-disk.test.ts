import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../src/lib/clock.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { hashOf } from '../../../src/relay/hook-cache.ts'
import { relayLimits } from '../../../src/relay/limits.ts'
import { makeQueue, type Queue } from '../../../src/relay/queue/queue.ts'
import { openSqliteQueue } from '../../../src/relay/queue/sqlite.ts'
import { type Relay, startRelay } from '../../../src/relay/server.ts'
import { call, makeHook, registerWorkspace, type TestWorkspace } from '../../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

const operator = 'operator-token-of-tests'
const token = 'a'.repeat(32)

let full = false
let relay: Relay
let workspace: TestWorkspace
let path: string

/** The disk is full from one moment to the next: whatever would write fails as SQLite says it. */
function onFullDisk(queue: Queue): Queue {
  const failing = <A extends readonly unknown[], T>(work: (...given: A) => Promise<T>) => {
    return (...given: A): Promise<T> =>
      full
        ? Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))
        : work(...given)
  }
  return { ...queue, put: failing(queue.put), chatSeen: failing(queue.chatSeen), putAnswer: failing(queue.putAnswer) }
}

beforeEach(async () => {
  full = false
  const queue = makeQueue(
    openSqliteQueue({ path: join(temporaryFolder(), 'relay.db'), maxBytes: null, log: silentLog }),
  )
  relay = await startRelay({
    queue: onFullDisk(queue),
    clock: systemClock,
    log: silentLog,
    limits: relayLimits,
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    behindProxy: false,
    adminHash: hashOf(operator),
  })
  workspace = await registerWorkspace(relay.publicUrl, operator)
  path = await makeHook(relay.publicUrl, workspace, token)
})
afterEach(() => relay.stop())

const post = (body: string) =>
  fetch(`${relay.publicUrl}${path}`, { method: 'POST', body, headers: { 'idempotency-key': body } })
const waiting = async () => {
  const answer = await call(relay.publicUrl, 'POST', '/v1/pull', workspace.key, { consumer: 'a', waitMs: 0, max: 9 })
  return ((await answer.json()) as { deliveries: unknown[] }).deliveries.length
}

it('a disk that is full answers 507, keeps what it has, and takes what was refused when there is room', async () => {
  expect((await post('name=one')).status).toBe(200)
  full = true
  const refused = await post('name=two')
  expect(refused.status).toBe(507)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await waiting()).toBe(1)
  full = false
  expect((await post('name=two')).status).toBe(200)
  expect((await post('name=two')).status).toBe(200)
  expect(await waiting()).toBe(2)
})

it('so do a chat and an answer', async () => {
  const chat = 'c'.repeat(32)
  await makeHook(relay.publicUrl, workspace, chat, 'chat')
  const secret = randomBytes(32).toString('hex')
  const key = randomBytes(65).toString('base64')
  const message = { secret, id: 'b'.repeat(32), key, text: 'Hello', at: 1 }
  const write = () =>
    fetch(`${relay.publicUrl}/chat/${workspace.id}/${chat}/messages`, { method: 'POST', body: JSON.stringify(message) })
  full = true
  expect((await write()).status).toBe(507)
  full = false
  expect((await write()).status).toBe(200)
  expect(await waiting()).toBe(1)
  full = true
  const answer = { visitor: '9'.repeat(32), id: 'd'.repeat(32), box: 'c2VjcmV0' }
  expect((await call(relay.publicUrl, 'POST', '/v1/chat/answers', workspace.key, answer)).status).toBe(507)
})
