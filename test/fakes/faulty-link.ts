import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/**
 * A TCP relay in front of a test server: its port stays the same while the server behind it is stopped, and it can
 * do what networks do (drop every connection, or swallow all bytes while both ends believe they are connected).
 */
export type FaultyLink = {
  readonly port: number
  readonly openConnections: () => number
  /** Connections ever accepted; tells a reconnect from a connection that never broke. */
  readonly accepted: () => number
  readonly dropConnections: () => void
  /** From now on every byte of the open and of new connections disappears, with no error on either end. */
  readonly freeze: () => void
  /** Ends a freeze for connections made from now on; the frozen ones stay dead, as after a lost NAT entry. */
  readonly thaw: () => void
  readonly close: () => Promise<void>
}

export async function startFaultyLink(targetPort: () => number): Promise<FaultyLink> {
  const pairs = new Set<() => void>()
  let frozen = false
  let accepted = 0

  const server = net.createServer((near) => {
    accepted++
    const far = net.connect(targetPort(), '127.0.0.1')
    const destroy = () => {
      near.destroy()
      far.destroy()
      pairs.delete(destroy)
    }
    pairs.add(destroy)
    near.setNoDelay(true)
    far.setNoDelay(true)
    let dead = false
    const relay = (from: net.Socket, to: net.Socket) => {
      from.on('data', (chunk) => {
        dead ||= frozen
        if (dead) return
        if (!to.write(chunk)) {
          from.pause()
          to.once('drain', () => from.resume())
        }
      })
      from.on('error', destroy)
      from.on('close', () => {
        if (!dead) destroy()
      })
    }
    relay(near, far)
    relay(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const dropConnections = () => {
    for (const destroy of [...pairs]) destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    openConnections: () => pairs.size,
    accepted: () => accepted,
    dropConnections,
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
    },
    close: async () => {
      dropConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port that was free a moment ago, for servers that cannot be told to pick one themselves. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
