import { once } from 'node:events'
import net, { type AddressInfo, type Server, type Socket } from 'node:net'

/** What goes wrong with the connections through a proxy, until the next `set`. */
export type Fault =
  /** Every connection ends after so many more bytes, in order (FIN). */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The same, but hard (RST). */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** Nobody listens any more; open connections are cut. */
  | { readonly kind: 'refuse' }
  /** Every piece arrives this much later, in order. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** A line of so many bytes each 10 ms. */
  | { readonly kind: 'trickle'; readonly bytes: number }
  /**
   * Bytes disappear without an error at either end: both ways, or only what goes `up` to the server or `down` from it.
   * A connection that lost something stays dead, as after a router forgot it.
   */
  | { readonly kind: 'half-open'; readonly way: 'both' | 'up' | 'down' }
  /** New connections are accepted and never answered; open ones are left alone. */
  | { readonly kind: 'silent' }

export type FaultKind = Fault['kind']

/** A TCP relay on a port of its own in front of a server, which does on request what networks do. */
export type FaultProxy = {
  readonly port: number
  /** Null ends the fault. */
  readonly set: (fault: Fault | null) => Promise<void>
  /** How many connections each kind of fault has hit. */
  readonly hits: () => Readonly<Record<FaultKind, number>>
  /** Connections ever accepted; tells a reconnect from a connection that never broke. */
  readonly accepted: () => number
  readonly open: () => number
  readonly close: () => Promise<void>
}

type Link = { readonly end: (hard: boolean) => void; readonly onFault: () => void }

const tick = 10

/**
 * @param targetPort asked for each connection, so that the server behind may move
 */
export async function startFaultProxy(targetPort: () => number): Promise<FaultProxy> {
  const links = new Set<Link>()
  const hits: Record<FaultKind, number> = {
    cut: 0,
    reset: 0,
    refuse: 0,
    delay: 0,
    trickle: 0,
    'half-open': 0,
    silent: 0,
  }
  let fault: Fault | null = null
  let accepted = 0
  let port = 0
  let server: Server | null = null

  const accept = (near: Socket) => {
    accepted++
    near.on('error', () => {})
    if (fault?.kind === 'silent') {
      hits.silent++
      const link: Link = { end: () => near.destroy(), onFault: () => {} }
      links.add(link)
      near.once('close', () => links.delete(link))
      // Read, or the end of the other side would never be seen.
      near.resume()
      return
    }
    links.add(
      join(
        near,
        net.connect(targetPort(), '127.0.0.1'),
        () => fault,
        hits,
        (link) => links.delete(link),
      ),
    )
  }

  const listen = async (on: number) => {
    const made = net.createServer(accept)
    made.listen(on, '127.0.0.1')
    await once(made, 'listening')
    server = made
    port = (made.address() as AddressInfo).port
  }
  const endAll = (hard: boolean) => {
    for (const link of [...links]) link.end(hard)
  }
  const stopListening = async () => {
    const closing = server
    server = null
    endAll(false)
    if (!closing) return
    closing.close()
    await once(closing, 'close')
  }
  await listen(0)

  return {
    get port() {
      return port
    },
    set: async (next) => {
      fault = next
      if (next?.kind === 'refuse') {
        hits.refuse += links.size
        await stopListening()
        return
      }
      if (!server) await listen(port)
      for (const link of [...links]) link.onFault()
    },
    hits: () => hits,
    accepted: () => accepted,
    open: () => links.size,
    close: stopListening,
  }
}

/** Both directions of one connection. */
function join(
  near: Socket,
  far: Socket,
  fault: () => Fault | null,
  hits: Record<FaultKind, number>,
  gone: (link: Link) => void,
): Link {
  let left = Number.POSITIVE_INFINITY
  let counted: Fault | null = null
  const count = (of: Fault) => {
    if (counted !== of) hits[of.kind]++
    counted = of
  }
  const end = (hard: boolean) => {
    for (const socket of [near, far]) {
      if (hard && !socket.destroyed) socket.resetAndDestroy()
      else socket.destroy()
    }
    gone(link)
  }
  const onFault = () => {
    const now = fault()
    left = now?.kind === 'cut' || now?.kind === 'reset' ? now.afterBytes : Number.POSITIVE_INFINITY
  }
  const link: Link = { end, onFault }
  onFault()

  const carry = (from: Socket, to: Socket, way: 'up' | 'down') => {
    // In order: a piece waits for the one before it, whatever delayed that.
    let before: Promise<unknown> = Promise.resolve()
    let dead = false
    const forward = async (chunk: Buffer): Promise<void> => {
      const now = fault()
      if (now?.kind === 'half-open' && (now.way === 'both' || now.way === way)) {
        count(now)
        dead = true
      }
      if (dead || to.destroyed) return
      if (now?.kind === 'delay' || now?.kind === 'trickle') count(now)
      if (now?.kind === 'delay') await pause(now.ms)
      if (now?.kind === 'trickle') {
        for (let at = 0; at < chunk.length; at += now.bytes) {
          write(to, chunk.subarray(at, at + now.bytes))
          await pause(tick)
          // Once it is over, the rest goes at once.
          if (fault() !== now) {
            write(to, chunk.subarray(at + now.bytes))
            break
          }
        }
        return
      }
      const some = chunk.subarray(0, left)
      left -= some.length
      write(to, some)
      if (left > 0 || !now) return
      if (now.kind !== 'cut' && now.kind !== 'reset') return
      count(now)
      end(now.kind === 'reset')
    }
    from.on('data', (chunk: Buffer) => {
      // What the other end does not take must not pile up here.
      from.pause()
      before = before.then(() => forward(chunk)).then(() => (to.writableNeedDrain ? drained(to) : undefined))
      void before.then(() => from.resume())
    })
    from.setNoDelay(true)
    from.on('error', () => {})
    from.on('close', () => {
      // A dead connection tells the other end nothing.
      if (dead) gone(link)
      else void before.then(() => end(false))
    })
  }
  carry(near, far, 'up')
  carry(far, near, 'down')
  far.on('error', () => end(true))
  return link
}

function write(to: Socket, chunk: Buffer) {
  if (chunk.length > 0 && to.writable) to.write(chunk)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Resolves when there is room again, or nobody reads any more. */
const drained = (to: Socket) =>
  new Promise<void>((resolve) => {
    if (to.destroyed) return resolve()
    to.once('drain', resolve)
    to.once('close', resolve)
  })
