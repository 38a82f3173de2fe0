import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

export { callOutcomes } from './outcomes.ts'

export const outcome = z.number().int().min(0).max(9)

/** A message in the outbox: until `undoUntil` it can be taken back. */
export const queued = z.object({ jobId: id, interactionId: id, undoUntil: time })

const attachmentUpload = z.object({
  name: text(255),
  contentType: text(200),
  bytes: z.instanceof(Uint8Array),
})

/** What happens when so much of a clock's time is gone. */
const ladderStep = z.object({
  sound: z.boolean(),
  /** A notification of the computer, and one in the window. */
  notify: z.boolean(),
  /** A text to the owner's own phone, when they asked for it (`textTo`). */
  text: z.boolean(),
  /** To somebody else who is there. Clocks of ownership and of the first answer only. */
  passOn: z.boolean(),
})

/** Half of the time gone, at risk (80 %), late. */
const ladderSteps = z.object({ half: ladderStep, risk: ladderStep, late: ladderStep })

export const ladder = z.object({
  steps: z.object({ hot: ladderSteps, warm: ladderSteps, nurture: ladderSteps }),
  /** Hot leads are announced again until somebody looked; null: once. */
  repeatHotMinutes: z.number().int().min(1).max(60).nullable(),
  /** Members who want texts. */
  textTo: z.array(id).max(200),
})

/** How loud this is, and until when it is not. */
export const alerts = z.object({ volume: z.number().int().min(0).max(100), mutedUntil: time.nullable() })

export const contactContract = {
  'contact.sendMail': mutation(
    z.object({
      personId: id,
      /** The address to write to; the one they wrote from when left out. */
      handleId: id.optional(),
      /** The mail this answers, for threading. */
      replyTo: id.nullable(),
      subject: text(500),
      body: text(200_000),
      attachments: z.array(attachmentUpload).max(20),
      /** The template it was made from, for later statistics. */
      templateId: id.nullable(),
    }),
    queued,
  ),
  /** Passes a mail of theirs on to somebody else. They hear nothing of it, so it is no answer to them. */
  'contact.forwardMail': mutation(
    z.object({
      personId: id,
      /** The mail that is passed on. */
      interactionId: id,
      to: text(320),
      subject: text(500),
      body: text(200_000),
      /** The mail in words, below `body`. */
      quoted: text(200_000),
      /** Those of its files that go with it. */
      attachmentIds: z.array(id).max(50),
      attachments: z.array(attachmentUpload).max(20),
    }),
    queued,
  ),
  'contact.sendText': mutation(
    z.object({
      personId: id,
      handleId: id.optional(),
      body: text(1600),
      templateId: id.nullable(),
      /** Left out: by WhatsApp when they last wrote there and it still takes answers, else as a text. */
      service: z.enum(['sms', 'whatsapp']).optional(),
    }),
    queued,
  ),
  /** Whether there is a WhatsApp sender with messages for people who never wrote there; asked of the provider. */
  'contact.whatsApp': query(z.object({}), z.object({ isSetUp: z.boolean() })),
  /** Messages that WhatsApp approved beforehand, asked of the provider. */
  'contact.preparedMessages': query(
    z.object({ personId: id }),
    z.object({
      messages: z.array(
        z.object({
          contentSid: z.string(),
          name: z.string(),
          language: z.string(),
          body: z.string(),
          variables: z.array(z.object({ key: z.string(), example: z.string() })),
        }),
      ),
    }),
  ),
  /** Sends one of them by WhatsApp, also later than a day after the person last wrote. Every variable needs a value. */
  'contact.sendPrepared': mutation(
    z.object({
      personId: id,
      handleId: id.optional(),
      contentSid: z.string().regex(/^HX[0-9a-fA-F]{32}$/),
      variables: z.record(z.string(), text(1000).min(1)),
    }),
    queued,
  ),
  /** An answer in the chat of the website. It leaves at once: whoever chats waits in front of the screen. */
  'contact.sendChat': mutation(
    z.object({ personId: id, handleId: id.optional(), body: text(4000), templateId: id.nullable() }),
    queued,
  ),
  /** Takes a message back. `cancelled: false` means it had already left. */
  'contact.cancelSend': mutation(z.object({ jobId: id }), z.object({ cancelled: z.boolean() })),
  /** Tries a failed message again, as a new attempt of the same message. */
  'contact.retrySend': mutation(z.object({ jobId: id }), queued),
  /** Rings the member's own phone first, then bridges to the lead. The call is logged before the phone rings. */
  'contact.dial': mutation(z.object({ personId: id, handleId: id.optional() }), z.object({ interactionId: id })),
  'contact.hangUp': mutation(z.object({ interactionId: id }), z.object({})),
  /** A call that Deskbell did not see ("I called from my phone"). */
  'contact.logCall': mutation(
    z.object({
      personId: id,
      direction: z.enum(['in', 'out']),
      outcome,
      note: text(10_000),
      at: time.optional(),
      callBackAt: time.optional(),
    }),
    z.object({ interactionId: id }),
  ),
  /** Takes a call back that was logged by hand, with all that it changed. */
  'contact.takeBackCall': mutation(z.object({ interactionId: id }), z.object({})),
  /** `callBackAt`: when they want to be called back; becomes a task, and goes with the outcome. */
  'contact.setOutcome': mutation(
    z.object({ interactionId: id, outcome, note: text(10_000).optional(), callBackAt: time.optional() }),
    z.object({}),
  ),
  /** Keeps what is typed during a call; the outcome comes later, or never. */
  'contact.noteCall': mutation(z.object({ interactionId: id, note: text(10_000) }), z.object({})),
  'contact.addNote': mutation(z.object({ personId: id, text: text(20_000).min(1) }), z.object({ interactionId: id })),
  /** Somebody looked at a person: their leads are not announced again. */
  'contact.seen': mutation(z.object({ personId: id }), z.object({})),
  'contact.ladder': query(z.object({}), z.object({ ladder, alerts })),
  'contact.saveLadder': mutation(z.object({ ladder }), z.object({})),
  /** What is left out stays. Muted, everything waits until then. */
  'contact.saveAlerts': mutation(alerts.partial(), z.object({})),
  /** `version` is that of the text that was read: an edit of somebody else in between is a `CONFLICT`. */
  'contact.editNote': mutation(
    z.object({ interactionId: id, version: z.number().int().min(1), text: text(20_000).min(1) }),
    z.object({ version: z.number().int() }),
  ),
  /** Takes a note away (`shown: false`) or brings it back. */
  'contact.showNote': mutation(z.object({ interactionId: id, shown: z.boolean() }), z.object({})),
  /** Calls that are ringing or on, and calls that still want an outcome: for the call bar, also after a restart. */
  'contact.openCalls': query(
    z.object({}),
    z.object({
      calls: z.array(
        z.object({
          interactionId: id,
          personId: id,
          name: z.string(),
          number: z.string(),
          direction: z.enum(['in', 'out']),
          result: z.enum(['ringing', 'in_progress', 'ended']),
          startedAt: time,
          answeredAt: time.nullable(),
          endedAt: time.nullable(),
          note: z.string(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),
}

export type Outcome = z.infer<typeof outcome>
export type LadderStep = z.infer<typeof ladderStep>
export type Ladder = z.infer<typeof ladder>
export type Alerts = z.infer<typeof alerts>
export type Queued = z.infer<typeof queued>

/** The words of a prepared message with its placeholders filled in; what has no value stays as it is. */
export const fillPrepared = (body: string, variables: Readonly<Record<string, string>>): string =>
  body.replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => variables[key] || placeholder)
