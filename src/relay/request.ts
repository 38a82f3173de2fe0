import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'

/** A request that is answered with a refusal. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** The sender went away before everything was here: there is nobody to answer. */
export class Hungup extends Error {
  override readonly name = 'Hungup'
}

/**
 * Reads a body, never more than the limit.
 * @throws Refused 413, Hungup
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () =>
    new Refused(
      413,
      `This is larger than what can be taken here (${Math.floor(limit / 1024)} KB). Nothing was taken.`,
      {
        connection: 'close',
      },
    )
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        request.pause()
        request.removeAllListeners('data')
        reject(tooLarge())
        return
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)))
    request.on('error', () => reject(new Hungup()))
    request.on('close', () => {
      if (!request.complete) reject(new Hungup())
    })
  })
}

/**
 * Reads a body that must be JSON of one shape.
 * @param otherwise what is said of any other
 * @throws Refused 400 and 413, Hungup
 */
export async function readInput<T extends z.ZodType>(
  request: IncomingMessage,
  schema: T,
  limit: number,
  otherwise: string,
): Promise<z.output<T>> {
  const bytes = await readBody(request, limit)
  try {
    return schema.parse(JSON.parse(bytes.toString()))
  } catch {
    throw new Refused(400, otherwise)
  }
}

/**
 * The sender's network address.
 * @param behindProxy then the last hop that the proxy wrote down is the only one that it saw itself
 */
export function senderOf(request: IncomingMessage, behindProxy: boolean): string {
  const forwarded = behindProxy
    ? String(request.headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : ''
  return forwarded || request.socket.remoteAddress || 'unknown'
}

/** True for a browser that will show the answer to a person. */
export const wantsPage = (request: IncomingMessage): boolean => (request.headers.accept ?? '').includes('text/html')
