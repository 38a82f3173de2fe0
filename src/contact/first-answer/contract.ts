import { z } from 'zod'
import { id, mutation, query, text, time } from '../../rpc/method.ts'

/**
 * Ways to come that can be answered at once. `form`: by mail, to the address in the form; `formText`: by text, when the
 * form has only a number; `call`: a text for a call that nobody took.
 */
export const answerSlots = ['email', 'form', 'formText', 'sms', 'whatsapp', 'call', 'chat'] as const
export const answerSlot = z.enum(answerSlots)

const wording = z.object({
  on: z.boolean(),
  /** Of mails; a mail that answers a mail keeps the subject of that one. */
  subject: text(200),
  /** With the placeholders of templates. */
  inHours: text(5000),
  /** While the business is closed; empty: the same. */
  afterHours: text(5000),
})

export const firstAnswerSettings = z.object({
  slots: z.object({
    email: wording,
    form: wording,
    formText: wording,
    sms: wording,
    whatsapp: wording,
    call: wording,
    chat: wording,
  }),
  /** Nobody gets more than one in this time. */
  onePerHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30),
  /** How long it waits, so that somebody who answers at once makes it needless. */
  delaySeconds: z.number().int().min(0).max(300),
  /** More people than this in an hour is no ordinary day: then it stops, until somebody looked. */
  mostAnHour: z.number().int().min(1).max(1000),
})

/** Something that somebody should know of: `at`, in words, and whom it was about. */
const trouble = z.object({ at: time, message: z.string(), personId: id.nullable() })

export const firstAnswerContract = {
  'firstAnswer.get': query(
    z.object({}),
    z.object({
      settings: firstAnswerSettings,
      /** Since when it stands still because too many people came; null while it works. */
      pausedAt: time.nullable(),
      /** What went wrong last, since somebody last saved these settings. */
      trouble: trouble.nullable(),
      /** In the last 24 hours. */
      sent: z.number().int(),
      waiting: z.number().int(),
    }),
  ),
  /** Refuses wordings that do not parse, with the place of the mistake, and a way that is on without words. */
  'firstAnswer.save': mutation(z.object({ settings: firstAnswerSettings }), z.object({})),
  /** Somebody looked: it works again. */
  'firstAnswer.resume': mutation(z.object({}), z.object({})),
  /** A wording as the newest lead that came this way would get it; any lead when none did. Null without any lead. */
  'firstAnswer.preview': query(
    z.object({ slot: answerSlot, subject: text(200), body: text(5000) }),
    z
      .object({
        name: z.string(),
        subject: z.string(),
        body: z.string(),
        /** What is not known of this lead and has no fallback: to them, nothing would be sent. */
        missing: z.array(z.string()),
        /** Why it cannot be read; null when it can. */
        mistake: z.string().nullable(),
      })
      .nullable(),
  ),
}

export type AnswerSlot = z.infer<typeof answerSlot>
export type Wording = z.infer<typeof wording>
export type FirstAnswerSettings = z.infer<typeof firstAnswerSettings>
