import { connect, type Socket } from 'node:net'

export type Load = {
  readonly port: number
  /** Paths to post to, taken in turn. */
  readonly paths: readonly string[]
  readonly connections: number
  /** Posts a second; null: as many as are answered. */
  readonly rate: number | null
  readonly forMs: number
}

export type LoadResult = {
  /** Answered with 200. */
  readonly taken: number
  readonly refused: number
  readonly tookMs: number
  /** Of each answer, counted from when the post was due: a relay that stalls does not get fewer questions for it. */
  readonly latencies: readonly number[]
}

/**
 * A load generator on plain sockets, so that little of this machine goes into asking. Bounded: at most `connections`
 * posts are under way, the others wait and their waiting counts.
 */
export async function postLoad({ port, paths, connections, rate, forMs }: Load): Promise<LoadResult> {
  const latencies: number[] = []
  let refused = 0
  let sent = 0
  const started = performance.now()
  const dueAt = (index: number) => (rate === null ? performance.now() : started + (index * 1000) / rate)
  const total = rate === null ? Number.POSITIVE_INFINITY : Math.floor((rate * forMs) / 1000)
  const isOver = () => sent >= total || performance.now() - started > forMs * (rate === null ? 1 : 3)

  const worker = async () => {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    const answered = answersOf(socket)
    while (!isOver()) {
      const index = sent
      sent += 1
      const due = dueAt(index)
      const early = due - performance.now()
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
      socket.write(requestOf(paths[index % paths.length] ?? '', index))
      if ((await answered()) === 200) latencies.push(performance.now() - due)
      else refused += 1
    }
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return { taken: latencies.length, refused, tookMs: performance.now() - started, latencies }
}

function requestOf(path: string, index: number): string {
  const body = new URLSearchParams({
    name: `Visitor ${index}`,
    email: `visitor-${index}@example.com`,
    phone: `+1415555${String(index % 10_000).padStart(4, '0')}`,
    message: 'We would like a quote for a new kitchen: twelve square metres, an island, delivery in spring. '.repeat(4),
    utm_source: 'google',
    utm_medium: 'cpc',
  }).toString()
  return `POST ${path} HTTP/1.1\r\nhost: relay.example\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

/** Statuses of the answers on a connection, one at a time. */
function answersOf(socket: Socket): () => Promise<number> {
  let text = ''
  let give: ((status: number) => void) | null = null
  const tryGive = () => {
    const end = text.indexOf('\r\n\r\n')
    if (end < 0 || !give) return
    const size = end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (text.length < size) return
    const status = Number(text.slice(9, 12))
    text = text.slice(size)
    const to = give
    give = null
    to(status)
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    tryGive()
  })
  const fail = () => {
    give?.(0)
    give = null
  }
  socket.on('error', fail)
  socket.on('close', fail)
  return () =>
    new Promise((resolve) => {
      if (socket.destroyed) {
        resolve(0)
        return
      }
      give = resolve
      tryGive()
    })
}
