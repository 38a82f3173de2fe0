import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Dovecot, startDovecot } from '../fakes/dovecot.ts'
import { eventually } from '../fakes/eventually.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../fakes/faults/fault-proxy.ts'
import { mail, openDesk, quick, settingsFor, withChannel } from './email-harness.ts'

describe('a mailbox behind a broken line', () => {
  let dovecot: Dovecot
  let proxy: FaultProxy
  beforeAll(async () => {
    dovecot = await startDovecot()
    proxy = await startFaultProxy(dovecot.directPort)
  })
  afterAll(async () => {
    await proxy.close()
    await dovecot.close()
  })

  it.each(['both', 'up', 'down'] as const)(
    'a line that dies in silence (%s) in the middle of a fetch is given up, and every mail is there once',
    async (way) => {
      const user = `half-open-${way}@shop.test`
      const settings = { ...settingsFor(dovecot, { host: '127.0.0.1', port: 1 }, { user }) }
      const body = 'x'.repeat(3000)
      for (let n = 0; n < 60; n++) await dovecot.append(user, mail(`mail ${n}`, {}, body))
      const desk = openDesk()
      const timing = { ...quick, watchdog: 300, reply: 1500 }
      const imap = { ...settings.imap, port: proxy.port }
      await withChannel(
        { ...settings, imap },
        desk,
        async () => {
          await proxy.set({ kind: 'trickle', bytes: 500 })
          const before = proxy.accepted()
          await desk.until((it) => it.states.length > 0, 'a connection')
          await eventually('the fetch is on its way', () => proxy.accepted() > before && proxy.hits().trickle > 0)
          await proxy.set({ kind: 'half-open', way })
          await eventually('the line is dead', () => proxy.hits()['half-open'] > 0)
          await proxy.set(null)
          await desk.until((it) => it.items.length === 60, 'every mail')
        },
        { timing },
      )
      expect(new Set(desk.items.map((item) => item.externalId)).size).toBe(60)
    },
  )
})

describe('the proxy itself', () => {
  /** An echo behind a proxy, and one connection through it. */
  async function open(fault: Fault | null) {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.pipe(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const target = server.address()
    const proxy = await startFaultProxy(() => (typeof target === 'object' && target ? target.port : 0))
    onTestFinished(async () => {
      await proxy.close()
      server.close()
    })
    await proxy.set(fault)
    const socket = net.connect(proxy.port, '127.0.0.1')
    const seen = { bytes: 0, error: '' }
    socket.on('data', (chunk) => {
      seen.bytes += chunk.length
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      seen.error = error.code ?? ''
    })
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    onTestFinished(() => void socket.destroy())
    return { proxy, socket, seen, closed }
  }

  it('passes everything while there is no fault', async () => {
    const { socket, seen } = await open(null)
    socket.write(Buffer.alloc(300_000))
    await eventually('all of it', () => seen.bytes === 300_000)
  })

  it('cuts and resets after so many bytes', async () => {
    const cut = await open({ kind: 'cut', afterBytes: 150 })
    cut.socket.write(Buffer.alloc(100))
    await cut.closed
    expect(cut.seen).toEqual({ bytes: 50, error: '' })
    const reset = await open({ kind: 'reset', afterBytes: 10 })
    reset.socket.write(Buffer.alloc(100))
    await reset.closed
    expect(reset.seen.error).toBe('ECONNRESET')
    expect([cut.proxy.hits().cut, reset.proxy.hits().reset]).toEqual([1, 1])
  })

  it('refuses, and listens on the same port again', async () => {
    const { proxy, seen, closed } = await open({ kind: 'refuse' })
    await closed
    expect(seen.error).toBe('ECONNREFUSED')
    const { port } = proxy
    await proxy.set(null)
    const again = net.connect(port, '127.0.0.1')
    await once(again, 'connect')
    again.destroy()
  })

  it('swallows what goes one way, for good, without a word', async () => {
    const { proxy, socket, seen } = await open({ kind: 'half-open', way: 'down' })
    socket.write('lost')
    await eventually('it is hit', () => proxy.hits()['half-open'] === 1)
    await proxy.set(null)
    socket.write('lost, too')
    const other = net.connect(proxy.port, '127.0.0.1')
    onTestFinished(() => void other.destroy())
    other.write('heard')
    await once(other, 'data')
    expect([seen.bytes, socket.destroyed]).toEqual([0, false])
  })

  it('delays, trickles and stays silent', async () => {
    const late = await open({ kind: 'delay', ms: 60 })
    const began = performance.now()
    late.socket.write('x')
    await once(late.socket, 'data')
    expect(performance.now() - began).toBeGreaterThan(110)
    const slow = await open({ kind: 'trickle', bytes: 10 })
    slow.socket.write(Buffer.alloc(100))
    const started = performance.now()
    await eventually('all of it', () => slow.seen.bytes === 100)
    expect(performance.now() - started).toBeGreaterThan(80)
    const mute = await open({ kind: 'silent' })
    mute.socket.write('hello?')
    await eventually('it is taken', () => mute.proxy.hits().silent === 1)
    expect(mute.seen.bytes).toBe(0)
  })
})
