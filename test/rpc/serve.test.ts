import { beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { type Client, connect, type ReplyMessage, type Transport } from '../../src/rpc/connect.ts'
import { contract, type EventPayload } from '../../src/rpc/contract.ts'
import { conflict, DeskbellError } from '../../src/rpc/errors.ts'
import { type Handlers, type Server, serve } from '../../src/rpc/serve.ts'
import { transportPair } from '../fakes/in-process.ts'

type Answer = (input: never) => Promise<unknown>

/** A server whose methods are what the test says; everything else fails the test that calls it. */
function serverWith(answers: Readonly<Record<string, Answer>>): { server: Server; client: Client; end: Transport } {
  const missing: Answer = async () => {
    throw new Error('not part of this test')
  }
  const handlers = Object.fromEntries(Object.keys(contract).map((name) => [name, answers[name] ?? missing]))
  const server = serve({ handlers: handlers as Handlers, log: silentLog, checkOutput: true })
  const [serverEnd, clientEnd] = transportPair()
  server.attach(serverEnd)
  return { server, client: connect(clientEnd), end: clientEnd }
}

const failure = (call: Promise<unknown>): Promise<DeskbellError> =>
  call.then(
    () => expect.unreachable('the call should have failed'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(DeskbellError)
      return error as DeskbellError
    },
  )

/** A promise that the test settles. */
function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

describe('every call is answered', () => {
  test('with what the handler returns', async () => {
    const { client } = serverWith({ 'inbox.row': async () => null })
    expect(await client.call('inbox.row', { personId: 7 })).toBeNull()
    expect(client.pending()).toBe(0)
  })

  test('also to others when one of them is gone, and nothing of it is an unhandled error', async () => {
    const { server, client } = serverWith({ 'inbox.row': async () => null })
    let ask: (message: unknown) => void = () => {}
    const gone: Transport = {
      post: () => {
        throw new Error('channel closed')
      },
      onMessage: (listener) => {
        ask = listener
      },
    }
    server.attach(gone)
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    ask({ kind: 'call', id: 1, method: 'inbox.row', input: { personId: 7 } })
    expect(await client.call('inbox.row', { personId: 7 })).toBeNull()
    await server.drain()
    await new Promise<void>((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])

    const [otherEnd, otherClientEnd] = transportPair()
    server.attach(otherEnd)
    const heard: unknown[] = []
    connect(otherClientEnd).onAny((event) => heard.push(event.name))
    server.announce('engine.ready', { epoch: '1' })
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(heard).toEqual(['engine.ready'])
  })

  test('a handler gets the parsed input: trimmed text, no unknown keys', async () => {
    const inputs: unknown[] = []
    const { client } = serverWith({
      'inbox.search': async (input: never) => {
        inputs.push(input)
        return { hits: [], next: null, about: 'messages', problems: [] }
      },
    })
    await client.call('inbox.search', { text: '  kitchen ', limit: 5, sneaked: 1 } as never)
    expect(inputs).toEqual([{ text: 'kitchen', limit: 5 }])
  })

  test('input that does not fit is refused in words, with the place, and never reaches the handler', async () => {
    const { client } = serverWith({ 'inbox.list': async () => expect.unreachable() })
    const error = await failure(client.call('inbox.list', { view: 'inbox', after: null, limit: 0 }))
    expect(error.body).toMatchObject({ code: 'BAD_INPUT', fault: 'user', retryable: false })
    expect(error.message).toMatch(/^limit: /)
    expect(error.body.detail).toContain('inbox.list')
  })

  test.each([null, undefined, 7, 'text', [], { leadIds: [] }, { leadIds: ['1'] }, { leadIds: new Array(501).fill(1) }])(
    'garbage for an input: %j',
    async (input) => {
      const { client } = serverWith({ 'inbox.done': async () => expect.unreachable() })
      expect((await failure(client.call('inbox.done', input as never))).code).toBe('BAD_INPUT')
    },
  )

  test.each(['inbox.nothing', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'a method that is not in the contract: %j',
    async (method) => {
      const { client } = serverWith({})
      const error = await failure(client.call(method as never, {} as never))
      expect(error.body).toMatchObject({ code: 'NOT_FOUND', detail: method })
    },
  )

  test('a failure of ours keeps its code, message and fault', async () => {
    const { client } = serverWith({
      'inbox.row': async () => {
        throw conflict('Somebody else did that.')
      },
    })
    expect((await failure(client.call('inbox.row', { personId: 1 }))).body).toEqual({
      code: 'CONFLICT',
      message: 'Somebody else did that.',
      fault: 'user',
      retryable: false,
    })
  })

  test.each([
    ['SQLITE_FULL', 'DISK_FULL'],
    ['ENOSPC', 'DISK_FULL'],
    ['EIO', 'INTERNAL'],
  ])('an error with code %s becomes %s', async (code, expected) => {
    const { client } = serverWith({
      'inbox.row': async () => {
        throw Object.assign(new Error('boom'), { code })
      },
    })
    expect((await failure(client.call('inbox.row', { personId: 1 }))).code).toBe(expected)
  })

  test.each([['a string'], [undefined], [{ not: 'an error' }]])('a handler that throws %j', async (thrown) => {
    const { client } = serverWith({
      'inbox.row': () => Promise.reject(thrown),
    })
    expect((await failure(client.call('inbox.row', { personId: 1 }))).code).toBe('INTERNAL')
  })

  test('a handler that throws before its promise', async () => {
    const { client } = serverWith({
      'inbox.row': () => {
        throw new Error('at once')
      },
    })
    expect((await failure(client.call('inbox.row', { personId: 1 }))).code).toBe('INTERNAL')
  })

  test('an answer that cannot be copied', async () => {
    const [serverEnd, clientEnd] = transportPair()
    const handlers = { 'inbox.row': async () => ({ oops: () => {} }) } as unknown as Handlers
    serve({ handlers, log: silentLog, checkOutput: false }).attach(serverEnd)
    const error = await failure(connect(clientEnd).call('inbox.row', { personId: 1 }))
    expect(error.code).toBe('INTERNAL')
  })

  test('in tests, an answer of the wrong shape', async () => {
    const { client } = serverWith({ 'inbox.counts': async () => ({ inbox: 'many' }) })
    expect((await failure(client.call('inbox.counts', {}))).code).toBe('INTERNAL')
  })

  test('bytes arrive as bytes', async () => {
    const bytes = Uint8Array.from([0, 1, 255])
    const { client } = serverWith({
      'people.attachment': async () => ({ name: 'a.bin', contentType: 'application/octet-stream', bytes }),
    })
    expect((await client.call('people.attachment', { attachmentId: 1 })).bytes).toEqual(bytes)
  })

  test('messages that are no calls are left alone', async () => {
    const { client, end } = serverWith({ 'inbox.row': async () => null })
    for (const junk of [null, 7, 'call', {}, { kind: 'call' }, { kind: 'call', id: 'x', method: 'inbox.row' }]) {
      end.post(junk)
    }
    expect(await client.call('inbox.row', { personId: 1 })).toBeNull()
  })
})

describe('order', () => {
  test('mutations run one after another as they came; queries run beside them', async () => {
    const log: string[] = []
    const first = gate()
    const { client } = serverWith({
      'inbox.done': async ({ leadIds }: { leadIds: number[] }) => {
        log.push(`start ${leadIds[0]}`)
        if (leadIds[0] === 1) await first.passed
        log.push(`end ${leadIds[0]}`)
        return { undoId: leadIds[0] }
      },
      'inbox.row': async () => {
        log.push('query')
        return null
      },
    } as Record<string, Answer>)
    const one = client.call('inbox.done', { leadIds: [1] })
    const two = client.call('inbox.done', { leadIds: [2] })
    await client.call('inbox.row', { personId: 1 })
    expect([...log].sort()).toEqual(['query', 'start 1'])
    log.splice(0)
    first.open()
    expect(await Promise.all([one, two])).toEqual([{ undoId: 1 }, { undoId: 2 }])
    expect(log).toEqual(['end 1', 'start 2', 'end 2'])
  })

  test('a mutation that fails does not stop the next one', async () => {
    const { client } = serverWith({
      'inbox.done': async () => {
        throw conflict('no')
      },
      'inbox.reopen': async () => ({ undoId: 3 }),
    })
    const failed = failure(client.call('inbox.done', { leadIds: [1] }))
    expect(await client.call('inbox.reopen', { leadIds: [1] })).toEqual({ undoId: 3 })
    expect((await failed).code).toBe('CONFLICT')
  })

  test('mutations of two windows share one line', async () => {
    const log: number[] = []
    const first = gate()
    const { server, client } = serverWith({
      'inbox.done': (async ({ leadIds }: { leadIds: number[] }) => {
        if (leadIds[0] === 1) await first.passed
        log.push(leadIds[0] ?? 0)
        return { undoId: 1 }
      }) as Answer,
    })
    const [serverEnd, clientEnd] = transportPair()
    server.attach(serverEnd)
    const other = connect(clientEnd)
    const calls = [client.call('inbox.done', { leadIds: [1] }), other.call('inbox.done', { leadIds: [2] })]
    first.open()
    await Promise.all(calls)
    expect(log).toEqual([1, 2])
  })
})

describe('the end of a connection', () => {
  test('closing rejects what waits and what comes later, and a late answer harms nothing', async () => {
    const slow = gate()
    const { client } = serverWith({
      'inbox.row': async () => {
        await slow.passed
        return null
      },
    })
    const waiting = failure(client.call('inbox.row', { personId: 1 }))
    client.close()
    expect((await waiting).body).toMatchObject({ code: 'ENGINE_GONE', retryable: true })
    expect((await failure(client.call('inbox.row', { personId: 1 }))).code).toBe('ENGINE_GONE')
    expect(client.pending()).toBe(0)
    slow.open()
  })

  test('draining answers what runs and refuses what comes', async () => {
    const slow = gate()
    const { server, client } = serverWith({
      'inbox.row': async () => {
        await slow.passed
        return null
      },
    })
    const running = client.call('inbox.row', { personId: 1 })
    // Its message must have arrived before the server drains.
    await new Promise<void>((resolve) => setImmediate(resolve))
    const drained = server.drain()
    expect((await failure(client.call('inbox.row', { personId: 2 }))).code).toBe('ENGINE_GONE')
    slow.open()
    expect(await running).toBeNull()
    await drained
  })

  test('relay never throws: main passes on what it does not know', async () => {
    const { client } = serverWith({})
    expect(await client.relay('no.such', {})).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
    client.close()
    expect(await client.relay('inbox.row', { personId: 1 })).toMatchObject({
      ok: false,
      error: { code: 'ENGINE_GONE' },
    })
  })
})

describe('events', () => {
  let server: Server
  let client: Client
  const changed: EventPayload<'store.changed'> = { tables: ['lead'], personIds: [4], seq: 1 }
  beforeEach(() => {
    ;({ server, client } = serverWith({}))
  })
  const delivered = () => new Promise<void>((resolve) => setImmediate(resolve))

  test('reach every client, and only listeners of their name', async () => {
    const [serverEnd, clientEnd] = transportPair()
    server.attach(serverEnd)
    const other = connect(clientEnd)
    const heard: unknown[] = []
    client.on('store.changed', (payload) => heard.push(['one', payload]))
    other.on('store.changed', (payload) => heard.push(['two', payload]))
    client.on('engine.ready', () => heard.push('wrong'))
    server.announce('store.changed', changed)
    await delivered()
    expect(heard).toEqual([
      ['one', changed],
      ['two', changed],
    ])
  })

  test('stop when the listener goes, also while an event is being told', async () => {
    const heard: string[] = []
    const stop = client.on('store.changed', () => {
      heard.push('first')
      stop()
    })
    client.on('store.changed', () => heard.push('second'))
    server.announce('store.changed', changed)
    server.announce('store.changed', { ...changed, seq: 2 })
    await delivered()
    expect(heard).toEqual(['first', 'second', 'second'])
  })

  test('come after the answer that was posted before them', async () => {
    const seen: string[] = []
    const [serverEnd, clientEnd] = transportPair()
    const handlers = { 'inbox.row': async () => null } as unknown as Handlers
    const own = serve({ handlers, log: silentLog, checkOutput: true })
    own.attach(serverEnd)
    clientEnd.onMessage((message) => seen.push((message as ReplyMessage).kind))
    await connect(clientEnd).call('inbox.row', { personId: 1 })
    own.announce('engine.ready', { epoch: 'one' })
    await delivered()
    expect(seen).toEqual(['reply', 'event'])
  })
})
