import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

export const accountKind = z.enum(['email', 'twilio', 'form', 'chat', 'relay', 'sample'])
const accountState = z.enum(['connecting', 'ok', 'backing-off', 'auth-failed', 'stopped'])

const port = z.number().int().min(1).max(65_535)
const host = text(253).min(1)
/** `tls` from the first byte, `starttls` required after connecting, `none` only to this machine. */
const transportSecurity = z.enum(['tls', 'starttls', 'none'])

/**
 * What of a mailbox becomes leads (channels/email/capture-rule.ts says it exactly). Private mail that is left out is
 * counted and never stored.
 */
const mailCapture = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('everything') }),
  z.object({ kind: z.literal('folders'), folders: z.array(text(1000).min(1)).min(1).max(5) }),
  /** Excluded: addresses, or domains with everything below them. */
  z.object({ kind: z.literal('unknown-senders'), excluded: z.array(text(320).min(1)).max(2000) }),
])

/** Signing in with the provider in the browser, instead of a password. */
const oauthSettings = z.object({
  kind: z.literal('oauth'),
  provider: z.enum(['google', 'microsoft']),
  /** Of the program as the provider knows it: from the Google Cloud console, or a Microsoft app registration. */
  clientId: text(300).min(1),
  /** Another authority, for the test double. The provider's own when null. */
  baseUrl: z.url().nullable(),
})

const mailAuth = z.discriminatedUnion('kind', [z.object({ kind: z.literal('password') }), oauthSettings])

export const emailSettings = z.object({
  address: text(320).min(3),
  name: text(200),
  imap: z.object({ host, port, security: transportSecurity, user: text(320).min(1) }),
  smtp: z.object({ host, port, security: transportSecurity, user: text(320).min(1) }),
  /** Left out when saving: as it was, everything for a new one. */
  capture: mailCapture.optional(),
  /** Left out when saving: as it was, by password for a new one. */
  auth: mailAuth.optional(),
})

/** A folder of a mailbox that can be chosen. */
const mailFolder = z.object({
  /** Its name to the server, in full; what `capture.folders` holds. */
  path: z.string(),
  name: z.string(),
  role: z.enum(['inbox', 'sent', 'all', 'drafts', 'junk', 'trash', 'archive']).nullable(),
  messages: z.number().int().nullable(),
})

export const twilioSettings = z.object({
  accountSid: z
    .string()
    .trim()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'An Account SID starts with AC and has 34 characters.'),
  /** The number leads call and text, and that new messages leave from; E.164. */
  number: text(40).min(3),
  /** Further numbers of the account that are watched. An answer leaves from the one that was written to. */
  others: z.array(text(40).min(3)).max(50).optional(),
  /** Another API host, for the test double. Twilio's own when null. */
  baseUrl: z.url().nullable(),
})

const formField = z.enum(['name', 'email', 'phone', 'company', 'message', 'budget', 'postcode', 'timeline', 'source'])

/** Who posts to a form; `generic` finds it out from the post, and takes anything. */
export const formProvider = z.enum([
  'generic',
  'google',
  'meta',
  'typeform',
  'jotform',
  'webflow',
  'calendly',
  'contact-form-7',
  'wpforms',
  'gravity',
  'elementor',
  'standard',
])

export const formSettings = z.object({
  name: text(100).min(1),
  source: text(100).min(1),
  /** Their field name → ours; what is not named keeps its own label. */
  mapping: z.record(text(200), formField),
  /** Left out when saving: as it was, `generic` for a new one. */
  provider: formProvider.optional(),
  /** Set by the engine: posts are checked with a secret, and those without a valid signature are refused. */
  signed: z.boolean().optional(),
  /** Another host of the provider's API, for the test double. Their own when null. */
  baseUrl: z.url().nullable().optional(),
})

/** `#1f2e6e` */
const colour = z.string().regex(/^#[0-9a-f]{6}$/)

/** The chat on a website. */
export const chatSettings = z.object({
  /** The business as visitors read it. */
  name: text(100).min(1),
  /** On the button. */
  label: text(40).min(1),
  greeting: text(500).min(1),
  /** What visitors read while closed; when somebody is back is added. */
  away: text(300),
  colour,
  /** What is asked for beside the name. Nobody has to give it. */
  ask: z.object({ email: z.boolean(), phone: z.boolean() }),
  source: text(100).min(1),
})

/** The page of a form at the relay, for businesses without a website of their own. */
const formPage = z.object({
  business: text(200).min(1),
  intro: text(500),
  colour,
  question: text(200).min(1),
  /** What the answer to the question is filed as. */
  field: z.enum(['message', 'timeline', 'budget', 'postcode']),
})

/** One public address at a relay: what comes to it is for a form, for a Twilio number, or says "no more mail". */
const relayHook = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('form'), token: z.string(), formId: id, page: formPage.nullable().optional() }),
  z.object({ kind: z.literal('twilio'), token: z.string(), twilioId: id }),
  z.object({ kind: z.literal('unsubscribe'), token: z.string() }),
  z.object({ kind: z.literal('chat'), token: z.string(), chatId: id }),
])

export const relaySettings = z.object({
  /** Where this computer reaches the relay. */
  url: z.url(),
  /** Where everybody else does. */
  publicUrl: z.url(),
  workspace: z.string(),
  hooks: z.array(relayHook),
})

/** What would be made of a pasted sample. */
const formPreview = z.object({
  provider: formProvider,
  leads: z.array(
    z.object({
      known: z.partialRecord(formField, z.string()),
      fields: z.array(z.object({ label: z.string(), value: z.string() })),
      source: z.string(),
      /** utm_*, click ids, campaign ids, page. */
      detail: z.record(z.string(), z.string()),
      test: z.boolean(),
      spam: z.boolean(),
    }),
  ),
  /** Why there is no lead in it, or what else is to be known; in plain words. */
  note: z.string().nullable(),
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
  /** Only of a phone account whose webhooks have worked: how much came without one, and was found only by looking. */
  foundOnlyByLooking: z.number().int().optional(),
  /** Only of a mailbox: how far the first reading is, and how many mails were left out on purpose, most first. */
  mailbox: z
    .object({
      done: z.number().int(),
      total: z.number().int(),
      paused: z.boolean(),
      leftOut: z.array(z.object({ reason: z.string(), count: z.number().int() })),
    })
    .optional(),
  settings: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('email'), email: emailSettings }),
    z.object({ kind: z.literal('twilio'), twilio: twilioSettings }),
    z.object({ kind: z.literal('form'), form: formSettings, url: z.string() }),
    z.object({ kind: z.literal('chat'), chat: chatSettings }),
    z.object({
      kind: z.literal('relay'),
      relay: relaySettings,
      /** The address of each hook, in their order. An unsubscribe address gets a part of its own for each person. */
      urls: z.array(z.string()),
    }),
    z.object({ kind: z.literal('sample') }),
  ]),
})

/** What a live test found out, step by step, in plain words. */
const testReport = z.object({
  ok: z.boolean(),
  steps: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string(), detail: z.string().nullable() })),
})

/** One step of a test that a channel does with itself; `note` says how to test by hand what no program can. */
export const selfTestStep = z.object({
  name: z.string(),
  state: z.enum(['running', 'ok', 'look', 'failed', 'note']),
  message: z.string(),
  tookMs: z.number().int().nullable(),
  detail: z.string().nullable(),
})

/** `look`: all that Deskbell could see went well, and a person must look at the rest. */
const selfTestOutcome = z.enum(['ok', 'look', 'failed'])

/** The address and number of the sample business. Both are of ranges reserved for examples: they reach nobody. */
export const sampleSettings = z.object({
  email: z.string().default('office@brightwater.example'),
  phone: z.string().default('+14155550142'),
})

/** How a channel has been doing. Counts and times are since it was connected. */
export const channelHealth = z.object({
  accountId: id,
  /** When something came, as far as a rhythm is learned from it; shown while there are too few for one. */
  known: z.number().int(),
  /** Null while too little came. */
  rhythm: z
    .object({
      /** The middle gap by the clock on the wall, ms. */
      usualMs: z.number().int(),
      /** Longer silence is no chance, ms of opening time. */
      limitMs: z.number().int(),
      quietAt: time,
    })
    .nullable(),
  /** Nothing came for longer than that. `askAgainAt`: somebody said that it is fine until then. */
  quiet: z.object({ since: time, askAgainAt: time.nullable() }).nullable(),
  /** From the provider's clock to stored here, over the last week, ms. Null when nothing came. */
  latency: z.object({ p50Ms: z.number().int(), p95Ms: z.number().int(), count: z.number().int() }).nullable(),
  /** Why things were left out, most first. */
  leftOut: z.array(z.object({ reason: z.string(), count: z.number().int(), lastAt: time })),
  /** Leads that the provider sent to try the connection, newest first: no people, no deadlines. */
  tryOuts: z.array(z.object({ id, at: time, fields: z.array(z.object({ label: z.string(), value: z.string() })) })),
  /** False for what has no way to test itself. */
  canTest: z.boolean(),
  /** The last test. */
  test: z
    .object({
      startedAt: time,
      endedAt: time.nullable(),
      /** Null while it runs. */
      outcome: selfTestOutcome.nullable(),
      steps: z.array(selfTestStep),
    })
    .nullable(),
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
  /** To choose from, before or after it is saved. `password` null takes the stored one. */
  'channels.listFolders': query(
    z.object({ id: id.nullable(), settings: emailSettings, password: secret.nullable() }),
    z.object({ folders: z.array(mailFolder) }),
  ),
  /** Holds the first reading of old mail, or lets it go on. New mail comes in all the same. */
  'channels.pauseSync': mutation(z.object({ id, paused: z.boolean() }), z.object({})),
  /**
   * Begins signing in a mailbox whose settings say `oauth`. The window opens `url` in the system's browser; how it went is
   * then in the account's state. `clientSecret` null keeps the one of the last time.
   */
  'channels.signIn': mutation(z.object({ id, clientSecret: secret.nullable() }), z.object({ url: z.string() })),
  'channels.testTwilio': query(
    z.object({ id: id.nullable(), settings: twilioSettings, authToken: secret.nullable() }),
    testReport,
  ),
  /** The numbers of an account at Twilio, to choose the watched ones from. */
  'channels.listTwilioNumbers': query(
    z.object({
      id: id.nullable(),
      settings: twilioSettings.pick({ accountSid: true, baseUrl: true }),
      authToken: secret.nullable(),
    }),
    z.object({
      numbers: z.array(
        z.object({ number: z.string(), display: z.string(), name: z.string(), sms: z.boolean(), voice: z.boolean() }),
      ),
    }),
  ),
  'channels.saveTwilio': mutation(
    z.object({ id: id.nullable(), settings: twilioSettings, authToken: secret.nullable() }),
    z.object({ id }),
  ),
  'channels.saveForm': mutation(
    z.object({
      id: id.nullable(),
      settings: formSettings,
      /** Null or absent keeps the stored one, empty removes it. They go to the keychain, not into the settings. */
      secrets: z.object({ signing: secret.nullable(), accessToken: secret.nullable() }).optional(),
    }),
    z.object({ id, url: z.string() }),
  ),
  /** Whose posts are understood, and what each needs. */
  'channels.formProviders': query(
    z.object({}),
    z.array(
      z.object({
        id: formProvider,
        name: z.string(),
        signing: z.enum(['none', 'optional', 'required']),
        signingLabel: z.string(),
        accessToken: z.boolean(),
        steps: z.string(),
      }),
    ),
  ),
  /** What a pasted sample would become with these settings. Nothing is stored or fetched. */
  'channels.previewForm': query(z.object({ settings: formSettings, sample: z.string().max(256 * 1024) }), formPreview),
  /** Posts a marked test lead through the real listener. */
  'channels.testForm': mutation(z.object({ id }), testReport),
  /** Opens a workspace at a relay with an invite from whoever runs it. The key for what arrives is made here. */
  'channels.connectRelay': mutation(z.object({ url: z.url(), invite: text(200).min(1) }), z.object({ id })),
  /** Gives a form, a Twilio number or the unsubscribe links a public address; the one it has when it has one. */
  'channels.addRelayHook': mutation(
    z.object({
      id,
      hook: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('form'), formId: id }),
        z.object({ kind: z.literal('twilio'), twilioId: id }),
        z.object({ kind: z.literal('unsubscribe') }),
        z.object({ kind: z.literal('chat'), chatId: id }),
      ]),
    }),
    z.object({ url: z.string() }),
  ),
  /** After a key was refused: a new one with a new invite. `moved`: the old key is lost, so all addresses are new. */
  'channels.reconnectRelay': mutation(z.object({ id, invite: text(200).min(1) }), z.object({ moved: z.boolean() })),
  /** Shows a form as a page of its own at the relay, or takes that page away. */
  'channels.saveFormPage': mutation(z.object({ id, token: z.string(), page: formPage.nullable() }), z.object({})),
  'channels.saveChat': mutation(z.object({ id: id.nullable(), settings: chatSettings }), z.object({ id })),
  /** The address answers no more; what already waits is still fetched. */
  'channels.removeRelayHook': mutation(z.object({ id, token: z.string() }), z.object({})),
  'channels.health': query(z.object({}), z.object({ channels: z.array(channelHealth) })),
  /** "It is fine": asks again in a week if the silence goes on. */
  'channels.acceptQuiet': mutation(z.object({ id }), z.object({})),
  /** Takes a test lead of a provider away for good. */
  'channels.removeTryOut': mutation(z.object({ id }), z.object({})),
  /** Begins a test of the channel with itself; how it goes is in `channels.health`. */
  'channels.selfTest': mutation(z.object({ id }), z.object({})),
  /** Stops the account and forgets its secret. What came through it stays. */
  'channels.remove': mutation(z.object({ id }), z.object({})),
  'channels.retryNow': mutation(z.object({ id }), z.object({})),
}

export type AccountKind = z.infer<typeof accountKind>
export type AccountState = z.infer<typeof accountState>
export type Account = z.infer<typeof account>
export type OAuthSettings = z.infer<typeof oauthSettings>
export type MailFolder = z.infer<typeof mailFolder>
export type EmailSettings = z.infer<typeof emailSettings>
export type TwilioSettings = z.infer<typeof twilioSettings>
export type FormSettings = z.infer<typeof formSettings>
export type FormProvider = z.infer<typeof formProvider>
export type ChatSettings = z.infer<typeof chatSettings>
export type FormPage = z.infer<typeof formPage>
export type RelayHook = z.infer<typeof relayHook>
export type RelaySettings = z.infer<typeof relaySettings>
export type FormPreview = z.infer<typeof formPreview>
export type SelfTestStep = z.infer<typeof selfTestStep>
export type SelfTestOutcome = z.infer<typeof selfTestOutcome>
export type ChannelHealth = z.infer<typeof channelHealth>
export type TestReport = z.infer<typeof testReport>
