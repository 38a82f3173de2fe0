import { z } from 'zod'

/** What the desktop and the relay say to each other, JSON over HTTPS. docs/relay.md has it in words. */

/**
 * What a hook answers: `form` takes posts of websites and webhooks and answers Meta's handshake, `twilio` says nothing in
 * TwiML, `unsubscribe` shows a page to confirm and acts on a POST (RFC 8058), `chat` serves the chat of a website.
 */
const hookKind = z.enum(['form', 'twilio', 'unsubscribe', 'chat'])
export type HookKind = z.output<typeof hookKind>

/** 128 random bits, hex. */
export const hookToken = z.string().regex(/^[0-9a-f]{32}$/)
const workspaceId = z.string().regex(/^[0-9a-f]{16}$/)
/** A desktop; stays the same over its restarts, so that it gets at once what it had not acknowledged. */
const consumer = z.string().regex(/^[\w-]{1,64}$/)

export const registerInput = z.object({
  publicKey: z.base64(),
  /**
   * The workspace that gets a new key: the one of this public key, or one that the relay forgot. Its addresses stay.
   * Left out: a new one.
   */
  workspace: workspaceId.optional(),
  /** What was in the challenge, hex: needed for the key of a workspace that is there. */
  proof: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
/** Something sealed to a public key: whoever opens it holds the private one. */
export const challengeInput = z.object({ publicKey: z.base64() })
export const challengeOutput = z.object({ box: z.base64() })
export const challengeContext = 'deskbell relay challenge'
export const registerOutput = z.object({ workspace: workspaceId, key: z.string(), publicUrl: z.url() })

const words = (max: number) => z.string().max(max)
/** `#1f2e6e` */
const colour = z.string().regex(/^#[0-9a-f]{6}$/)

/** What everybody may see of a hook: the relay shows it to visitors, so it is not sealed. */
export const hookPage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('form'),
    business: words(200),
    intro: words(500),
    colour,
    question: words(200).min(1),
    /** Name of the field that takes the answer to the question. */
    field: z.enum(['message', 'timeline', 'budget', 'postcode']),
  }),
  z.object({
    kind: z.literal('chat'),
    business: words(200),
    label: words(40).min(1),
    greeting: words(500).min(1),
    /** Shown while closed. */
    away: words(300),
    colour,
    ask: z.object({ email: z.boolean(), phone: z.boolean() }),
    /** When somebody is there, from and to in ms UTC, for the next weeks; empty means closed. */
    open: z.array(z.tuple([z.number().int(), z.number().int()])).max(200),
  }),
])
export type HookPage = z.output<typeof hookPage>

export const hookInput = z.object({
  kind: hookKind,
  /** What Meta must name in its handshake; null: the token, which is the last part of the address. */
  verifyToken: z.string().min(8).max(200).nullable(),
  /** Null takes it away, left out leaves it as it is. */
  page: hookPage.nullable().optional(),
})
export const hookOutput = z.object({ url: z.url() })

export const pullInput = z.object({
  consumer,
  /** How long to wait for something to arrive, ms. */
  waitMs: z.number().int().min(0).max(55_000),
  max: z.number().int().min(1).max(500),
})
export const pullOutput = z.object({
  /** In the order of `seq`. */
  deliveries: z.array(
    z.object({
      /** Counts the deliveries of a workspace without gaps: what is missing was dropped by the relay (too old). */
      seq: z.number().int(),
      /** A sealed box, base64. */
      box: z.base64(),
    }),
  ),
  /** The highest number given out so far; 0 when nothing ever arrived. */
  lastSeq: z.number().int(),
  /** How many wait, with those above. */
  waiting: z.number().int(),
  /** The relay's clock, ms UTC. An answer without deliveries is the heartbeat. */
  now: z.number().int(),
})
export type PullOutput = z.output<typeof pullOutput>

export const ackInput = z.object({ consumer, upTo: z.number().int() })
export const ackOutput = z.object({ acknowledged: z.number().int() })

/** What a visitor of a website is known by here and on the desktop: a hash of the secret in their browser. */
const visitorId = z.string().regex(/^[0-9a-f]{32}$/)
const answerId = z.string().regex(/^[0-9a-f]{32}$/)

/** An answer in the chat, for one browser. The same id is taken once. */
export const answerInput = z.object({ visitor: visitorId, id: answerId, box: z.base64() })
export const answerOutput = z.object({
  /** `unknown`: no such visitor (any more). `full`: too much waits for them already. */
  taken: z.enum(['stored', 'known', 'unknown', 'full']),
})
export const findAnswerInput = z.object({ visitor: visitorId, id: answerId })
export const findAnswerOutput = z.object({ known: z.boolean() })

export const presenceInput = z.object({ visitors: z.array(visitorId).max(100) })
export const presenceOutput = z.object({
  /** Those that are known. */
  visitors: z.array(z.object({ visitor: visitorId, here: z.boolean(), seenAt: z.number().int() })),
})
export type Presence = z.output<typeof presenceOutput>['visitors'][number]

/** What the chat of a website posts; JSON as text/plain, so that browsers ask nothing before. */
export const chatMessage = z.object({
  /** Stays in the browser and here in memory: the relay keeps only a hash. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** P-256, raw, base64: answers are locked with it. */
  key: z.base64().length(88),
  text: z.string().min(1).max(4000),
  at: z.number().int(),
  name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  phone: z.string().max(60).optional(),
  page: z.string().max(1000).optional(),
  referrer: z.string().max(1000).optional(),
})
/** What of it the desktop gets. */
export const chatDelivery = chatMessage.omit({ secret: true }).extend({ visitor: visitorId })
export type ChatDelivery = z.output<typeof chatDelivery>

export const chatPoll = z.object({
  secret: chatMessage.shape.secret,
  after: z.number().int().min(0),
  waitMs: z.number().int().min(0).max(55_000),
})
export const chatBye = z.object({ secret: chatMessage.shape.secret })
