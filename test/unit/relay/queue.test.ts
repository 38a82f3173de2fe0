import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { day } from '../../../src/lib/durations.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { makeQueue, type Queue } from '../../../src/relay/queue/queue.ts'
import { openSqliteQueue } from '../../../src/relay/queue/sqlite.ts'
import { temporaryFolder } from '../../fakes/temp-folder.ts'

const ana = 'a'.repeat(16)
const ben = 'b'.repeat(16)
const quota = { waitingItems: 1000, waitingBytes: 1_000_000 }
const at = 1_772_550_000_000

let queue: Queue

beforeEach(async () => {
  const database = openSqliteQueue({ path: join(temporaryFolder(), 'relay.db'), maxBytes: null, log: silentLog })
  queue = makeQueue(database)
  onTestFinished(() => queue.close())
  for (const id of [ana, ben]) {
    await queue.register(id, { publicKey: randomBytes(32), keyHash: randomBytes(32) }, null, false, at)
  }
})

const post = (text: string, workspace = ana, name: string | null = null) => ({
  workspace,
  box: Buffer.from(text),
  sameAs: name === null ? null : Buffer.from(name.padEnd(32)),
  receivedAt: at,
})
const pull = async (more: Partial<Parameters<Queue['pull']>[0]> = {}) => {
  const request = { workspace: ana, consumer: 'desk', maxItems: 100, maxBytes: 1e6, now: at, leaseUntil: at + 60_000 }
  const { deliveries, ...counts } = await queue.pull({ ...request, ...more })
  return { texts: deliveries.map((it) => `${it.seq} ${it.box}`), ...counts }
}

describe('numbers', () => {
  it('count each workspace for itself, without gaps, over many commits', async () => {
    await queue.put([post('one'), post('eins', ben), post('two')], quota, at)
    await queue.put([post('three')], quota, at)
    expect(await pull()).toEqual({ texts: ['1 one', '2 two', '3 three'], lastSeq: 3, waiting: 3 })
    expect((await pull({ workspace: ben })).texts).toEqual(['1 eins'])
  })

  it('go on after everything was acknowledged', async () => {
    await queue.put([post('one')], quota, at)
    await pull()
    await queue.acknowledge(ana, 'desk', 1)
    await queue.put([post('two')], quota, at)
    expect(await pull()).toEqual({ texts: ['2 two'], lastSeq: 2, waiting: 1 })
  })
})

describe('a delivery', () => {
  it('that was not acknowledged comes again to the same desktop at once, to another after the lease', async () => {
    await queue.put([post('one')], quota, at)
    expect((await pull()).texts).toEqual(['1 one'])
    expect((await pull()).texts).toEqual(['1 one'])
    expect((await pull({ consumer: 'laptop' })).texts).toEqual([])
    expect((await pull({ consumer: 'laptop', now: at + 60_000 })).texts).toEqual(['1 one'])
  })

  it('is forgotten up to the number that was acknowledged, and only what that desktop has in hand', async () => {
    await queue.put([post('one'), post('two'), post('three')], quota, at)
    await pull({ maxItems: 2 })
    await pull({ consumer: 'laptop' })
    expect(await queue.acknowledge(ana, 'desk', 99)).toBe(2)
    expect(await queue.acknowledge(ana, 'desk', 99)).toBe(0)
    expect(await queue.counts(ana)).toEqual({ lastSeq: 3, waiting: 1 })
    expect((await pull({ consumer: 'laptop' })).texts).toEqual(['3 three'])
  })

  it('larger than an answer comes alone', async () => {
    await queue.put([post('x'.repeat(50)), post('y')], quota, at)
    expect((await pull({ maxBytes: 10 })).texts).toEqual([`1 ${'x'.repeat(50)}`])
  })
})

describe('the same name and content', () => {
  it('is stored once, in one commit and over several, also after it was fetched', async () => {
    expect(await queue.put([post('one', ana, 'n'), post('one', ana, 'n')], quota, at)).toEqual(['stored', 'known'])
    await pull()
    await queue.acknowledge(ana, 'desk', 1)
    expect(await queue.put([post('one', ana, 'n')], quota, at)).toEqual(['known'])
    expect((await pull()).texts).toEqual([])
  })

  it('that found no room is not known: the sender comes again', async () => {
    const none = { ...quota, waitingItems: 0 }
    expect(await queue.put([post('one', ana, 'n'), post('one', ana, 'n')], none, at)).toEqual(['full', 'full'])
    expect(await queue.put([post('one', ana, 'n')], quota, at)).toEqual(['stored'])
  })
})

describe('room', () => {
  it('ends with the number of items and with their bytes; others are not touched by it', async () => {
    const few = { ...quota, waitingItems: 1 }
    expect(await queue.put([post('one'), post('two'), post('eins', ben)], few, at)).toEqual([
      'stored',
      'full',
      'stored',
    ])
    const small = { ...quota, waitingBytes: 5 }
    expect(await queue.put([post('123'), post('1')], small, at)).toEqual(['full', 'stored'])
  })

  it('is there again after the desktop fetched', async () => {
    const few = { ...quota, waitingItems: 1 }
    await queue.put([post('one')], few, at)
    await pull()
    await queue.acknowledge(ana, 'desk', 1)
    expect(await queue.put([post('two')], few, at)).toEqual(['stored'])
  })

  it('in a workspace that is not there is none', async () => {
    expect(await queue.put([post('one', 'c'.repeat(16)), post('two')], quota, at)).toEqual(['gone', 'stored'])
  })
})

describe('what nobody fetched', () => {
  it('is dropped when it is too old, and the gap in the numbers shows it', async () => {
    await queue.put([post('old'), { ...post('new'), receivedAt: at + day }], quota, at)
    expect(await queue.purge(at + day, 100)).toBe(1)
    expect(await pull()).toEqual({ texts: ['2 new'], lastSeq: 2, waiting: 1 })
  })
})

describe('an invite', () => {
  it('opens one workspace, within its time', async () => {
    const [invite, late] = [randomBytes(32), randomBytes(32)]
    await queue.addInvite(invite, at + 1)
    await queue.addInvite(late, at)
    const open = (id: string, hash: Buffer) =>
      queue.register(id.repeat(16), { publicKey: randomBytes(32), keyHash: randomBytes(32) }, hash, false, at)
    expect(await open('c', late)).toBe('no-invite')
    expect(await open('c', invite)).toBe('registered')
    expect(await open('d', invite)).toBe('no-invite')
    expect(await queue.workspace('d'.repeat(16))).toBeNull()
  })
})
