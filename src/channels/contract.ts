import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

export const accountKind = z.enum(['email', 'twilio', 'form', 'sample'])
export const accountState = z.enum(['connecting', 'ok', 'backing-off', 'auth-failed', 'stopped'])

const port = z.number().int().min(1).max(65_535)
const host = text(253).min(1)
/** `tls` from the first byte, `starttls` required after connecting, `none` only to this machine. */
export const transportSecurity = z.enum(['tls', 'starttls', 'none'])

export const emailSettings = z.object({
  address: text(320).min(3),
  name: text(200),
  imap: z.object({ host, port, security: transportSecurity, user: text(320).min(1) }),
  smtp: z.object({ host, port, security: transportSecurity, user: text(320).min(1) }),
})

export const twilioSettings = z.object({
  accountSid: z
    .string()
    .trim()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'An Account SID starts with AC and has 34 characters.'),
  /** The number leads call and text, E.164. */
  number: text(40).min(3),
  /** Another API host, for the test double. Twilio's own when null. */
  baseUrl: z.url().nullable(),
})

export const formSettings = z.object({
  name: text(100).min(1),
  source: text(100).min(1),
  /** Their field name → ours; what is not named keeps its own label. */
  mapping: z.record(
    text(200),
    z.enum(['name', 'email', 'phone', 'company', 'message', 'budget', 'postcode', 'timeline', 'source']),
  ),
})

/** One connected account, without its secret. */
export const account = z.object({
  id,
  kind: accountKind,
  label: z.string(),
  state: accountState,
  /** In the user's words: "Connected", "The password was refused". */
  stateMessage: z.string(),
  stateDetail: z.string().nullable(),
  lastEventAt: time.nullable(),
  lastOkAt: time.nullable(),
  lastErrorAt: time.nullable(),
  lastError: z.string().nullable(),
  nextRetryAt: time.nullable(),
  /** Things seen, taken in, and left out (with why), since the account was connected. */
  seen: z.number().int(),
  taken: z.number().int(),
  skipped: z.number().int(),
  settings: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('email'), email: emailSettings }),
    z.object({ kind: z.literal('twilio'), twilio: twilioSettings }),
    z.object({ kind: z.literal('form'), form: formSettings, url: z.string() }),
    z.object({ kind: z.literal('sample') }),
  ]),
})

/** What a live test found out, step by step, in plain words. */
export const testReport = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string(), detail: z.string().nullable() })),
})

const secret = z.string().max(2000)

export const channelsContract = {
  'channels.list': query(z.object({}), z.object({ accounts: z.array(account), formsOrigin: z.string().nullable() })),
  /** IMAP and SMTP guessed from the address; the user can change both. */
  'channels.suggestEmail': query(z.object({ address: text(320) }), emailSettings),
  'channels.testEmail': query(
    z.object({ id: id.nullable(), settings: emailSettings, password: secret.nullable() }),
    testReport,
  ),
  /** `password` null keeps the stored one. */
  'channels.saveEmail': mutation(
    z.object({ id: id.nullable(), settings: emailSettings, password: secret.nullable() }),
    z.object({ id }),
  ),
  'channels.testTwilio': query(
    z.object({ id: id.nullable(), settings: twilioSettings, authToken: secret.nullable() }),
    testReport,
  ),
  'channels.saveTwilio': mutation(
    z.object({ id: id.nullable(), settings: twilioSettings, authToken: secret.nullable() }),
    z.object({ id }),
  ),
  'channels.saveForm': mutation(
    z.object({ id: id.nullable(), settings: formSettings }),
    z.object({ id, url: z.string() }),
  ),
  /** Posts a marked test lead through the real listener. */
  'channels.testForm': mutation(z.object({ id }), testReport),
  /** Stops the account and forgets its secret. What came through it stays. */
  'channels.remove': mutation(z.object({ id }), z.object({})),
  'channels.retryNow': mutation(z.object({ id }), z.object({})),
}

export type AccountKind = z.infer<typeof accountKind>
export type AccountState = z.infer<typeof accountState>
export type Account = z.infer<typeof account>
export type EmailSettings = z.infer<typeof emailSettings>
export type TwilioSettings = z.infer<typeof twilioSettings>
export type FormSettings = z.infer<typeof formSettings>
export type TestReport = z.infer<typeof testReport>
