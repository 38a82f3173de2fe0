import { z } from 'zod'

/** What the desktop and the relay say to each other, JSON over HTTPS. docs/relay.md has it in words. */

/**
 * What a hook answers: `form` takes posts of websites and webhooks and answers Meta's handshake, `twilio` says nothing in
 * TwiML, `unsubscribe` shows a page to confirm and acts on a POST (RFC 8058).
 */
export const hookKind = z.enum(['form', 'twilio', 'unsubscribe'])
export type HookKind = z.output<typeof hookKind>

/** 128 random bits, hex. */
export const hookToken = z.string().regex(/^[0-9a-f]{32}$/)
export const workspaceId = z.string().regex(/^[0-9a-f]{16}$/)
/** A desktop; stays the same over its restarts, so that it gets at once what it had not acknowledged. */
const consumer = z.string().regex(/^[\w-]{1,64}$/)

export const registerInput = z.object({ publicKey: z.base64() })
export const registerOutput = z.object({ workspace: workspaceId, key: z.string(), publicUrl: z.url() })

export const hookInput = z.object({
  kind: hookKind,
  /** What Meta must name in its handshake; null: the token, which is the last part of the address. */
  verifyToken: z.string().min(8).max(200).nullable(),
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
