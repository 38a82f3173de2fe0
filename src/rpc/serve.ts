import type { z } from 'zod'
import type { Log } from '../lib/log.ts'
import type { CallMessage, EventMessage, ReplyMessage, Transport } from './connect.ts'
import { contract, type EventName, type EventPayload } from './contract.ts'
import { badInput, DeskbellError, type ErrorBody, internal, toErrorBody } from './errors.ts'
import type { Method } from './method.ts'

/** The functions that answer a contract: parsed input in, plain data out. */
export type HandlersOf<C extends Readonly<Record<string, Method>>> = {
  readonly [M in keyof C]: (input: z.output<C[M]['input']>) => Promise<z.input<C[M]['output']>>
}

export type Handlers = HandlersOf<typeof contract>

export type Server = {
  /** Answers the calls of one more client and sends it events. */
  readonly attach: (transport: Transport) => void
  readonly announce: <E extends EventName>(name: E, payload: EventPayload<E>) => void
  /** Refuses new calls, resolves when the running ones have answered. */
  readonly drain: () => Promise<void>
}

export type ServeOptions = {
  readonly handlers: Handlers
  readonly log: Log
  /** Also parse what handlers answer; on in tests, where a wrong shape must fail loudly. */
  readonly checkOutput: boolean
}

/**
 * Answers calls over any number of transports. Every call gets an answer, whatever the handler does.
 * Mutations run one after another in the order they came; queries run beside them.
 */
export function serve({ handlers, log, checkOutput }: ServeOptions): Server {
  const transports = new Set<Transport>()
  const running = new Set<Promise<unknown>>()
  let lastMutation: Promise<unknown> = Promise.resolve()
  let draining = false

  const run = async (message: CallMessage): Promise<unknown> => {
    const method = methodOf(message.method)
    if (!method || draining) throw new DeskbellError(draining ? stopping : unknownMethod(message.method))
    const input = method.input.safeParse(message.input)
    if (!input.success) throw badInput(sentenceOf(input.error), `${message.method}: ${input.error.message}`)
    const handler = handlers[message.method as keyof Handlers] as (input: unknown) => Promise<unknown>
    const answer = () => handler(input.data)
    const value = method.kind === 'mutation' ? await inTurn(answer) : await answer()
    return checkOutput ? method.output.parse(value) : value
  }

  const inTurn = (work: () => Promise<unknown>): Promise<unknown> => {
    const turn = lastMutation.then(work, work)
    lastMutation = turn.catch(() => {})
    return turn
  }

  const answer = async (message: CallMessage): Promise<ReplyMessage> => {
    try {
      return { kind: 'reply', id: message.id, ok: true, value: await run(message) }
    } catch (error) {
      const body = toErrorBody(error)
      if (body.fault === 'ours') log.error({ method: message.method, err: error }, 'call failed')
      return { kind: 'reply', id: message.id, ok: false, error: body }
    }
  }

  return {
    attach: (transport) => {
      transports.add(transport)
      transport.onMessage((message) => {
        if (!isCall(message)) return
        const work = answer(message).then((reply) => post(transport, reply, log))
        running.add(work)
        void work.finally(() => running.delete(work))
      })
    },
    announce: (name, payload) => {
      const message: EventMessage = { kind: 'event', name, payload }
      for (const transport of transports) tell(transport, message, log)
    },
    drain: async () => {
      draining = true
      await Promise.allSettled(running)
    },
  }
}

/** Own properties only: `constructor` is not a method of ours. */
function methodOf(name: string): Method | null {
  return Object.hasOwn(contract, name) ? (contract[name as keyof typeof contract] as Method) : null
}

/** A value that cannot be cloned must not leave its caller hanging. */
function post(transport: Transport, reply: ReplyMessage, log: Log): void {
  try {
    transport.post(reply)
  } catch (error) {
    const instead: ReplyMessage = { kind: 'reply', id: reply.id, ok: false, error: internal(String(error)) }
    tell(transport, instead, log)
  }
}

/** Nobody can be told that nobody listens any more, and the others must still hear. */
function tell(transport: Transport, message: ReplyMessage | EventMessage, log: Log): void {
  try {
    transport.post(message)
  } catch (error) {
    log.warn({ err: error }, 'a client is gone')
  }
}

/** The first problem in words: "email: Invalid address". */
function sentenceOf(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'That does not look right.'
  const where = issue.path.filter((part) => typeof part === 'string').join(' ')
  return where ? `${where}: ${issue.message}` : issue.message
}

const stopping: ErrorBody = {
  code: 'ENGINE_GONE',
  message: 'Deskbell is closing.',
  fault: 'ours',
  retryable: true,
}

const unknownMethod = (name: string): ErrorBody => ({
  code: 'NOT_FOUND',
  message: 'Deskbell does not know how to do that.',
  fault: 'ours',
  retryable: false,
  detail: name,
})

function isCall(message: unknown): message is CallMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'call' &&
    'id' in message &&
    typeof message.id === 'number' &&
    'method' in message &&
    typeof message.method === 'string'
  )
}
