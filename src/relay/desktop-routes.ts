import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import { makeRateLimit } from '../lib/rate-limit.ts'
import { type Answer, json } from './answers.ts'
import { makeChallenges } from './challenges.ts'
import { type HookCache, hashOf } from './hook-cache.ts'
import type { RelayLimits } from './limits.ts'
import type { Queue } from './queue/queue.ts'
import { Refused, readInput, senderOf } from './request.ts'
import { checkPublicKey, rawKeyBytes } from './sealed-box.ts'
import { soonest, type Waiters } from './waiters.ts'
import {
  ackInput,
  answerInput,
  type answerOutput,
  challengeInput,
  findAnswerInput,
  hookInput,
  hookToken,
  type PullOutput,
  presenceInput,
  pullInput,
  registerInput,
} from './wire.ts'

export type DesktopRoutesParts = {
  readonly queue: Queue
  readonly waiters: Waiters
  readonly hooks: HookCache
  readonly clock: Clock
  readonly limits: RelayLimits
  readonly publicUrl: string
  readonly behindProxy: boolean
  /** SHA-256 of the operator's token; null when only invites open a workspace. */
  readonly adminHash: Buffer | null
}

export type DesktopRoutes = {
  readonly answer: (request: IncomingMessage) => Promise<Answer>
  /** Answers every desktop that waits. */
  readonly stop: () => void
}

/** Answers everything below /v1/: what desktops call. */
export function makeDesktopRoutes(parts: DesktopRoutesParts): DesktopRoutes {
  const { queue, waiters, hooks, clock, limits, publicUrl, behindProxy, adminHash } = parts
  const perSender = makeRateLimit(limits.perSender, limits.rateKeys)
  const challenges = makeChallenges(adminHash, clock)
  const pulls = new Map<string, () => void>()
  let stopping = false

  const inputOf = <T extends z.ZodType>(request: IncomingMessage, schema: T) =>
    readInput(
      request,
      schema,
      limits.callBytes,
      'This call is not understood. The relay and Deskbell may be of different versions.',
    )

  const register = async (request: IncomingMessage): Promise<Answer> => {
    const wait = perSender.take(senderOf(request, behindProxy), clock.now())
    if (wait > 0) throw new Refused(429, 'Too many tries. Please wait.', { 'retry-after': String(wait) })
    const given = hashOf(bearerOf(request))
    const { publicKey, workspace: wanted, proof } = await inputOf(request, registerInput)
    const key = keyIn(publicKey)
    const isOperator = adminHash !== null && timingSafeEqual(given, adminHash)
    const id = wanted ?? randomBytes(8).toString('hex')
    const secret = `dbr_${id}_${randomBytes(32).toString('hex')}`
    const workspace = { publicKey: key, keyHash: hashOf(secret) }
    const proven = proof !== undefined && challenges.fits(key, Buffer.from(proof, 'hex'))
    const registered = await queue.register(id, workspace, isOperator ? null : given, proven, clock.now())
    if (registered === 'unproven') throw new Refused(403, 'This needs an answer to the challenge of this relay.')
    if (registered === 'other-key') throw new Refused(409, 'These addresses belong to another key by now.')
    if (registered === 'no-invite') {
      throw new Refused(401, 'This invite was used before, is too old or was never given out.')
    }
    return json(200, { workspace: id, key: secret, publicUrl })
  }

  const challenge = async (request: IncomingMessage): Promise<Answer> => {
    const wait = perSender.take(senderOf(request, behindProxy), clock.now())
    if (wait > 0) throw new Refused(429, 'Too many tries. Please wait.', { 'retry-after': String(wait) })
    const { publicKey } = await inputOf(request, challengeInput)
    return json(200, { box: challenges.boxFor(keyIn(publicKey)).toString('base64') })
  }

  const workspaceOf = async (request: IncomingMessage): Promise<string> => {
    const bearer = bearerOf(request)
    const id = /^dbr_([0-9a-f]{16})_/.exec(bearer)?.[1]
    const workspace = id === undefined ? null : await queue.workspace(id)
    // Compared in any case: how long a refusal takes does not tell whether the workspace exists.
    const fits = timingSafeEqual(hashOf(bearer), workspace?.keyHash ?? nobody)
    if (id === undefined || !workspace || !fits) throw new Refused(401, 'This key is not known here.')
    return id
  }

  const pull = async (request: IncomingMessage): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { consumer, waitMs, max } = await inputOf(request, pullInput)
    const until = clock.now() + waitMs
    let over = stopping
    let wakeUp = () => {}
    const end = () => {
      over = true
      wakeUp()
    }
    // A desktop that asks again has given up on its last question; it must not get answers to both.
    const seat = `${workspace}/${consumer}`
    pulls.get(seat)?.()
    pulls.set(seat, end)
    request.socket.once('close', end)
    try {
      for (;;) {
        const { arrived, leave } = waiters.next(workspace)
        try {
          const found = over ? null : await take(workspace, consumer, max)
          const left = until - clock.now()
          if (found && (found.deliveries.length > 0 || left <= 0)) return json(200, found)
          if (over) return json(200, await state(workspace))
          await soonest(clock, arrived, Math.min(left, limits.lookAgainEvery), (wake) => {
            wakeUp = wake
          })
        } finally {
          leave()
        }
      }
    } finally {
      request.socket.off('close', end)
      if (pulls.get(seat) === end) pulls.delete(seat)
    }
  }

  const take = async (workspace: string, consumer: string, maxItems: number): Promise<PullOutput> => {
    const now = clock.now()
    const room = { maxItems, maxBytes: limits.pullBytes }
    const { deliveries, ...counts } = await queue.pull({
      workspace,
      consumer,
      ...room,
      now,
      leaseUntil: now + limits.leaseFor,
    })
    return { deliveries: deliveries.map(({ seq, box }) => ({ seq, box: box.toString('base64') })), ...counts, now }
  }

  const state = async (workspace: string): Promise<PullOutput> => ({
    deliveries: [],
    ...(await queue.counts(workspace)),
    now: clock.now(),
  })

  const acknowledge = async (request: IncomingMessage): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { consumer, upTo } = await inputOf(request, ackInput)
    return json(200, { acknowledged: await queue.acknowledge(workspace, consumer, upTo) })
  }

  const saveHook = async (request: IncomingMessage, token: string): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { kind, verifyToken, page } = await inputOf(request, hookInput)
    const shown = page === undefined ? {} : { page: page && JSON.stringify(page) }
    const hook = { kind, verifyHash: hashOf(verifyToken ?? token), ...shown }
    if (!(await queue.saveHook(workspace, hashOf(token), hook, limits.hooksPerWorkspace, clock.now()))) {
      throw new Refused(409, `A workspace can have ${limits.hooksPerWorkspace} addresses. Remove one first.`)
    }
    hooks.forget(workspace, token)
    return json(200, { url: `${publicUrl}/${kind === 'chat' ? 'chat' : 'h'}/${workspace}/${token}` })
  }

  const removeHook = async (request: IncomingMessage, token: string): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    await queue.removeHook(workspace, hashOf(token))
    hooks.forget(workspace, token)
    return json(200, {})
  }

  const removeWorkspace = async (request: IncomingMessage): Promise<Answer> => {
    await queue.removeWorkspace(await workspaceOf(request))
    return json(200, {})
  }

  const keepAnswer = async (request: IncomingMessage): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { visitor, id, box } = await inputOf(request, answerInput)
    const bytes = Buffer.from(box, 'base64')
    if (bytes.length > limits.answerBytes) throw new Refused(413, 'This answer is too long.')
    const most = limits.answersPerVisitor
    const taken = await queue.putAnswer({ workspace, visitor, id, box: bytes, now: clock.now(), most })
    return json(200, { taken } satisfies z.output<typeof answerOutput>)
  }

  const findAnswer = async (request: IncomingMessage): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { visitor, id } = await inputOf(request, findAnswerInput)
    return json(200, { known: await queue.hasAnswer(workspace, visitor, id) })
  }

  const presence = async (request: IncomingMessage): Promise<Answer> => {
    const workspace = await workspaceOf(request)
    const { visitors } = await inputOf(request, presenceInput)
    return json(200, { visitors: await queue.chatPresence(workspace, visitors, clock.now()) })
  }

  return {
    answer: (request) => {
      const token = /^\/v1\/hooks\/([^/?]+)$/.exec(request.url ?? '')?.[1]
      if (token !== undefined && hookToken.safeParse(token).success) {
        if (request.method === 'PUT') return saveHook(request, token)
        if (request.method === 'DELETE') return removeHook(request, token)
      }
      switch (`${request.method} ${request.url}`) {
        case 'POST /v1/challenge':
          return challenge(request)
        case 'POST /v1/workspaces':
          return register(request)
        case 'POST /v1/pull':
          return pull(request)
        case 'POST /v1/ack':
          return acknowledge(request)
        case 'DELETE /v1/workspace':
          return removeWorkspace(request)
        case 'POST /v1/chat/answers':
          return keepAnswer(request)
        case 'POST /v1/chat/find':
          return findAnswer(request)
        case 'POST /v1/chat/presence':
          return presence(request)
        default:
          return Promise.reject(new Refused(404, 'There is nothing at this address.'))
      }
    },
    stop: () => {
      stopping = true
      for (const end of pulls.values()) end()
    },
  }
}

const nobody = Buffer.alloc(32)

/** @throws Refused 400 */
function keyIn(publicKey: string): Buffer {
  const key = Buffer.from(publicKey, 'base64')
  if (key.length !== rawKeyBytes || !isUsable(key)) throw new Refused(400, 'This is not an X25519 public key.')
  return key
}

const bearerOf = (request: IncomingMessage): string =>
  /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1] ?? ''

function isUsable(key: Buffer): boolean {
  try {
    checkPublicKey(key)
    return true
  } catch {
    return false
  }
}
