import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import { makeRateLimit } from '../lib/rate-limit.ts'
import { type Answer, chatScript, json, preflight, unknownAddress } from './answers.ts'
import { headersOfInterest } from './envelope.ts'
import type { HookCache } from './hook-cache.ts'
import type { Intake } from './intake.ts'
import type { RelayLimits } from './limits.ts'
import { chatTopic } from './queue/chat-store.ts'
import type { Hook, Queue, Workspace } from './queue/queue.ts'
import { Refused, readInput, senderOf } from './request.ts'
import { soonest, type Waiters } from './waiters.ts'
import { type ChatDelivery, chatBye, chatMessage, chatPoll, hookPage } from './wire.ts'

export type ChatRoutesParts = {
  readonly queue: Queue
  readonly intake: Intake
  readonly hooks: HookCache
  readonly waiters: Waiters
  readonly clock: Clock
  readonly limits: RelayLimits
  readonly publicUrl: string
  readonly behindProxy: boolean
  /** The chat as a program: a function that is called with its settings. */
  readonly widget: string
}

export type ChatRoutes = {
  readonly answer: (request: IncomingMessage) => Promise<Answer>
  /** Answers every browser that waits. */
  readonly stop: () => void
}

const path = /^\/chat\/([0-9a-f]{16})\/([0-9a-f]{32})(?:(\.js)|\/(messages|answers|bye))(?:\?|$)/

type Place = { readonly workspace: string; readonly token: string; readonly hook: Hook & Workspace }

/** What a visitor is known by: nobody who reads the relay's database can write in their name. */
export const visitorOf = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 32)

/** Answers everything below /chat/: the script of the chat, what visitors write, and answers for them. */
export function makeChatRoutes(parts: ChatRoutesParts): ChatRoutes {
  const { queue, intake, hooks, waiters, clock, limits, publicUrl, behindProxy, widget } = parts
  const limit = (rate: RelayLimits['perHook']) => makeRateLimit(rate, limits.rateKeys)
  const perSender = limit(limits.perSender)
  const perVisitor = limit(limits.chatMessages)
  const polls = limit(limits.chatPolls)
  const starts = limit(limits.chatStarts)
  const startsPerHook = limit(limits.chatStartsPerHook)
  const waiting = new Map<string, number>()
  const ends = new Set<() => void>()
  let stopping = false

  const inputOf = <T extends z.ZodType>(request: IncomingMessage, schema: T) =>
    readInput(request, schema, limits.chatBytes, 'This message is not understood.')

  const slower = (wait: number): void => {
    if (wait > 0) throw new Refused(429, 'Too much at once. Please wait a moment.', { 'retry-after': String(wait) })
  }

  const script = (request: IncomingMessage, { workspace, token, hook }: Place): Answer => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refused(405, 'Get it with GET.')
    const page = hookPage.nullable().parse(JSON.parse(hook.page ?? 'null'))
    if (page?.kind !== 'chat') return unknownAddress
    const { kind: _, ...settings } = page
    const more = {
      base: `${publicUrl}/chat/${workspace}/${token}`,
      onColour: onColour(page.colour),
      waitMs: limits.chatWait,
    }
    const text = `'use strict';(${widget})(${JSON.stringify({ ...settings, ...more })})\n`
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
    return chatScript(text, tag, request.headers['if-none-match'] === tag)
  }

  const take = async (request: IncomingMessage, { workspace, token, hook }: Place): Promise<Answer> => {
    const { secret, ...message } = await inputOf(request, chatMessage)
    const visitor = visitorOf(secret)
    const now = clock.now()
    const sender = senderOf(request, behindProxy)
    slower(perVisitor.take(`${workspace}/${visitor}`, now))
    if (!(await queue.chatVisitor(workspace, visitor))) {
      slower(starts.take(sender, now) || startsPerHook.take(`${workspace}/${token}`, now))
    }
    const hereUntil = now + limits.chatGoneAfter
    if (!(await queue.chatSeen(workspace, visitor, hereUntil, now, limits.chatVisitors))) throw full()
    const delivery: ChatDelivery = { ...message, visitor }
    const body = Buffer.from(JSON.stringify(delivery))
    const taken = await intake.take({
      workspace,
      publicKey: hook.publicKey,
      envelope: {
        hook: token,
        method: 'POST',
        url: `${publicUrl}${request.url ?? ''}`,
        headers: headersOfInterest(request.headers),
        receivedAt: now,
        sender,
        body,
      },
      sameAs: createHash('sha256')
        .update(JSON.stringify(['chat', workspace, visitor, message.id]))
        .digest(),
    })
    if (taken === 'stored' || taken === 'known') return json(200, { ok: true })
    if (taken === 'gone') return unknownAddress
    if (taken === 'full') throw full()
    throw new Refused(503, 'Too much is coming in. Please send it again in a moment.', { 'retry-after': '5' })
  }

  const answers = async (request: IncomingMessage, { workspace }: Place): Promise<Answer> => {
    const { secret, after, waitMs } = await inputOf(request, chatPoll)
    const visitor = visitorOf(secret)
    const topic = chatTopic(workspace, visitor)
    const now = clock.now()
    slower(polls.take(topic, now))
    const seen = await queue.chatVisitor(workspace, visitor)
    // Whoever never wrote gets no answers, and makes no row.
    if (!seen) return json(200, { answers: [] })
    await queue.answersFetched(workspace, visitor, after)
    const inLine = waiting.get(topic) ?? 0
    const mayWait = inLine < limits.chatPollsAtOnce && ends.size < limits.chatPollsInAll && !stopping
    const until = now + (mayWait ? Math.min(waitMs, limits.chatWait) : 0)
    await queue.chatSeen(workspace, visitor, until + limits.chatGoneAfter, now, limits.chatVisitors)
    waiting.set(topic, inLine + 1)
    let over = false
    let wakeUp = () => {}
    const end = () => {
      over = true
      wakeUp()
    }
    ends.add(end)
    request.socket.once('close', end)
    try {
      for (;;) {
        const { arrived, leave } = waiters.next(topic)
        try {
          const found = await queue.answersAfter(workspace, visitor, after)
          const left = until - clock.now()
          if (found.length > 0 || left <= 0 || over) {
            return json(200, { answers: found.map(({ seq, id, box }) => ({ seq, id, box: box.toString('base64') })) })
          }
          await soonest(clock, arrived, Math.min(left, limits.lookAgainEvery), (wake) => {
            wakeUp = wake
          })
        } finally {
          leave()
        }
      }
    } finally {
      request.socket.off('close', end)
      ends.delete(end)
      const others = (waiting.get(topic) ?? 1) - 1
      if (others > 0) waiting.set(topic, others)
      else waiting.delete(topic)
    }
  }

  const bye = async (request: IncomingMessage, { workspace }: Place): Promise<Answer> => {
    const { secret } = await inputOf(request, chatBye)
    const visitor = visitorOf(secret)
    slower(polls.take(chatTopic(workspace, visitor), clock.now()))
    await queue.chatLeft(workspace, visitor, clock.now())
    return json(200, { ok: true })
  }

  return {
    answer: async (request) => {
      const [, workspace, token, isScript, call] = path.exec(request.url ?? '') ?? []
      if (workspace === undefined || token === undefined) return unknownAddress
      if (request.method === 'OPTIONS') return preflight
      slower(perSender.take(senderOf(request, behindProxy), clock.now()))
      const hook = await hooks.find(workspace, token)
      if (hook?.kind !== 'chat') return unknownAddress
      const place = { workspace, token, hook }
      if (isScript) return script(request, place)
      if (request.method !== 'POST') throw new Refused(405, 'Send it with POST.', { allow: 'POST, OPTIONS' })
      return call === 'messages'
        ? take(request, place)
        : call === 'answers'
          ? answers(request, place)
          : bye(request, place)
    },
    stop: () => {
      stopping = true
      for (const end of ends) end()
    },
  }
}

const full = () =>
  new Refused(507, 'This chat cannot take more right now. Please write by e-mail or call.', { 'retry-after': '3600' })

/** Black or white, whichever can be read better on a colour (WCAG 2.2, relative luminance). */
export function onColour(colour: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? '#000000' : '#ffffff'
}
