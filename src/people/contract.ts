import { z } from 'zod'
import { touchKind } from '../capture/contract.ts'
import { leadStage } from '../convert/contract.ts'
import { channel, clockKind, direction, inboxRow, runningClock, tier } from '../inbox/contract.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'
import { ledgerEntry } from '../score/contract.ts'
import { insight } from '../score/text/contract.ts'

/** `chat`: a browser that wrote in the chat of the website. It comes by itself and is never typed. */
export const handleKind = z.enum(['email', 'phone', 'chat'])

export const consent = z.enum(['none', 'implied', 'given'])

/** An address or a number of a person. */
export const handle = z.object({
  id,
  kind: handleKind,
  /** E.164 or lower-case address. */
  value: z.string(),
  /** The same for reading: "(415) 555-0187". */
  display: z.string(),
  label: z.string().nullable(),
  valid: z.boolean(),
  optedOutAt: time.nullable(),
  /** Whether they agreed to get texts; `none` for numbers from a list of strangers. */
  consent,
})

/** How we know that somebody wants no more; null for what is older than this book: store/schema/people. */
export const optOutHow = z.enum(['stop', 'phrase', 'link', 'network', 'call', 'hand'])

/** As lib/line-type tells kinds of lines. */
export const lineKind = z.enum(['mobile', 'landline', 'mobile_or_landline', 'voip', 'toll_free', 'other'])

/** With what a member said of it, and what decides how it is used. */
export const cardHandle = handle.extend({
  optOut: z.object({ how: optOutHow.nullable(), by: z.string().nullable() }).nullable(),
  /** A member said that it is wrong; null also for what a call showed. */
  wrong: z.object({ at: time, by: z.string().nullable() }).nullable(),
  /** Used before the others of its kind because a member said so. */
  first: z.boolean(),
  /** `came`: how many things came from it since. */
  blocked: z.object({ at: time, by: z.string().nullable(), came: z.number().int() }).nullable(),
  /** Null for what is no number. `told`: somebody who knows said so; else it is read from the numbering plan. */
  line: z.object({ kind: lineKind, told: z.boolean() }).nullable(),
})

/** Where they came from, one time that they came. */
export const sourceTouch = z.object({
  at: time,
  source: z.string(),
  /** utm_*, click ids, landing page, referrer, as they came. */
  detail: z.record(z.string(), z.string()),
})

export const clock = z.object({
  kind: clockKind,
  startedAt: time,
  targetMs: z.number().int(),
  dueAt: time,
  state: z.enum(['running', 'met', 'missed', 'cancelled']),
  stoppedAt: time.nullable(),
})

export const personCard = z.object({
  personId: id,
  name: z.string(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  /** Region and IANA zone guessed from the number, for "9:06 there". */
  region: z.string().nullable(),
  zone: z.string().nullable(),
  /** In the order in which they are used. */
  handles: z.array(cardHandle),
  /** Their last visit to the chat of the website; null when they never chatted. */
  chat: z
    .object({
      handleId: id,
      /** Since when nobody is there any more; null while they are. */
      leftAt: time.nullable(),
      page: z.string().nullable(),
    })
    .nullable(),
  createdAt: time,
  /** People who were merged into this one and can be taken out again, newest first. */
  merges: z.array(z.object({ mergeId: id, name: z.string(), at: time })),
  /** Never changes. */
  firstTouch: sourceTouch,
  lastTouch: sourceTouch,
  lead: z
    .object({
      row: inboxRow,
      tier,
      stage: leadStage,
      ledger: z.array(ledgerEntry),
      ownerReason: z.string().nullable(),
      source: z.string(),
      /** utm_*, click ids, landing page, referrer, as they came. */
      sourceDetail: z.record(z.string(), z.string()),
      clocks: z.array(clock),
      running: runningClock.nullable(),
      openedAt: time,
      nextStep: z.string().nullable(),
      /** What the newest of their messages that was understood is. */
      insight: insight.optional(),
    })
    .nullable(),
})

export const attachment = z.object({
  id,
  name: z.string(),
  contentType: z.string(),
  size: z.number().int(),
  /** False when it was too large to come in with what it belongs to: `people.fetchFile` asks the provider for it. */
  stored: z.boolean(),
})

const entryBase = z.object({
  id,
  at: time,
  channel,
  direction,
  /** The member who did it, for what went out and for notes. */
  author: z.string().nullable(),
  automatic: z.boolean(),
  text: z.string(),
  /** Came from somebody who was blocked, so nobody was called to it. */
  blocked: z.boolean().optional(),
  /** What they want, as the text model or a person says; only for what came in and was read. */
  insight: insight.optional(),
})

export const delivery = z.enum(['queued', 'sending', 'sent', 'delivered', 'failed', 'cancelled', 'received'])

export const callResult = z.enum([
  'ringing',
  'in_progress',
  'answered',
  'missed',
  'voicemail',
  'busy',
  'no_answer',
  'failed',
  'cancelled',
])

/** One thing in the timeline. */
export const timelineEntry = z.discriminatedUnion('kind', [
  entryBase.extend({
    kind: z.literal('email'),
    subject: z.string(),
    from: z.string(),
    to: z.array(z.string()),
    /** What was quoted below the visible text; folded, never dropped. */
    quoted: z.string().nullable(),
    hasHtml: z.boolean(),
    robot: z.string().nullable(),
    attachments: z.array(attachment),
    delivery,
    /** Why it could not be sent, in the user's words. */
    problem: z.string().nullable(),
    jobId: id.nullable(),
    /** Until when the user may still take it back. */
    undoUntil: time.nullable(),
  }),
  entryBase.extend({
    kind: z.literal('text'),
    from: z.string(),
    to: z.string(),
    delivery,
    problem: z.string().nullable(),
    attachments: z.array(attachment),
    jobId: id.nullable(),
    undoUntil: time.nullable(),
  }),
  entryBase.extend({
    kind: z.literal('call'),
    from: z.string(),
    to: z.string(),
    /** What the telephone network says; the human's word is `outcome`. */
    result: callResult,
    outcome: z.number().int().min(0).max(9).nullable(),
    durationMs: z.number().int().nullable(),
    note: z.string().nullable(),
    recording: attachment.nullable(),
    /** Logged by hand, not seen by the telephone provider. */
    manual: z.boolean(),
    problem: z.string().nullable(),
  }),
  entryBase.extend({
    kind: z.literal('form'),
    formName: z.string(),
    fields: z.array(z.object({ label: z.string(), value: z.string() })),
  }),
  entryBase.extend({
    kind: z.literal('note'),
    /** 1 for a text that was never changed; what `contact.editNote` wants back. */
    version: z.number().int(),
    /** Somebody came by a way that no channel sees, and a member wrote it down. */
    touch: z
      .object({
        kind: touchKind,
        source: z.string(),
        referrer: z.object({ personId: id, name: z.string() }).nullable(),
        attachments: z.array(attachment),
      })
      .optional(),
  }),
  /** What Deskbell or a member did: scored, assigned, snoozed, done. */
  entryBase.extend({ kind: z.literal('event'), event: z.string() }),
])

/** Somebody who may be there twice. */
const lookalike = z.object({
  personId: id,
  name: z.string(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  handles: z.array(handle),
})

const blocked = z.object({
  /** What was not blocked before: what `people.unblock` takes to undo it. */
  handleIds: z.array(id),
  /** For `inbox.undo`: their leads are none any more; null when there was no open one. */
  undoId: id.nullable(),
})

export const peopleContract = {
  'people.card': query(z.object({ personId: id }), personCard),
  /** Newest last; `before` pages towards the past. */
  'people.timeline': query(
    z.object({
      personId: id,
      before: z.object({ at: time, id }).nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ entries: z.array(timelineEntry), more: z.boolean() }),
  ),
  /** The HTML of a mail, raw and dangerous: the window sanitises and frames it. Inline images come as data URLs. */
  'people.mailHtml': query(z.object({ interactionId: id }), z.object({ html: z.string() })),
  'people.attachment': query(
    z.object({ attachmentId: id }),
    z.object({ name: z.string(), contentType: z.string(), bytes: z.instanceof(Uint8Array) }),
  ),
  /** Fetches a file that was too large to come in with its mail, text or call; afterwards `people.attachment` has it. */
  'people.fetchFile': mutation(z.object({ attachmentId: id }), z.object({})),
  'people.update': mutation(
    z.object({
      personId: id,
      name: text(200).optional(),
      company: text(200).nullable().optional(),
      title: text(200).nullable().optional(),
    }),
    z.object({}),
  ),
  'people.addHandle': mutation(
    z.object({ personId: id, kind: handleKind.exclude(['chat']), value: text(320) }),
    z.object({ handleId: id }),
  ),
  /** Who may be the same person, the surest first, each with the reasons in words. Nothing is merged by itself. */
  'people.duplicates': query(
    z.object({ personId: id }),
    z.object({ duplicates: z.array(lookalike.extend({ reasons: z.array(z.string()).min(1) })) }),
  ),
  /** The same for everybody, the newest first, each pair once. Looks at all people: takes a moment, and is not pushed. */
  'people.allDuplicates': query(
    z.object({ limit: z.number().int().min(1).max(200) }),
    z.object({
      pairs: z.array(z.object({ person: lookalike, other: lookalike, reasons: z.array(z.string()).min(1) })),
      more: z.boolean(),
    }),
  ),
  /** They are not the same: not suggested again. */
  'people.notSame': mutation(z.object({ personId: id, otherId: id }), z.object({})),
  /** Takes that back. */
  'people.maybeSame': mutation(z.object({ personId: id, otherId: id }), z.object({})),
  /** Makes two people one: everything of `goneId` moves to `keptId`, with the values the user chose of both. */
  'people.merge': mutation(
    z.object({
      keptId: id,
      goneId: id,
      name: text(200).min(1),
      company: text(200).nullable(),
      title: text(200).nullable(),
    }),
    z.object({ mergeId: id }),
  ),
  /** Takes a merge back; what came since goes to whose address or number it names. */
  'people.unmerge': mutation(z.object({ mergeId: id }), z.object({})),
  /** Somebody said that they agree to get texts on this number, or that they do not. */
  'people.setConsent': mutation(z.object({ handleId: id, agreed: z.boolean() }), z.object({})),
  /** They said to a member that they want no more texts (a number), or no more mail (an address). */
  'people.optOut': mutation(z.object({ handleId: id }), z.object({})),
  /**
   * Allows messages there again. What a member wrote down, or a sentence that was misread, needs no reason; what they
   * said themselves does: how they agreed again. Without one it is a `CONFLICT`.
   */
  'people.liftOptOut': mutation(z.object({ handleId: id, reason: text(300).optional() }), z.object({})),
  /** A wrong address or number: kept, and never written to or dialled, until that is taken back. */
  'people.setWrong': mutation(z.object({ handleId: id, wrong: z.boolean() }), z.object({})),
  /** Used before the others of its kind. `before`: the one that was first until now. */
  'people.useFirst': mutation(z.object({ handleId: id, first: z.boolean() }), z.object({ before: id.nullable() })),
  /** What comes from there is kept and calls nobody. A person with no other way to us is no lead any more. */
  'people.block': mutation(z.object({ handleIds: z.array(id).min(1).max(200) }), blocked),
  /** The same with all addresses and numbers of the people behind some leads. */
  'people.blockLeads': mutation(z.object({ leadIds: z.array(id).min(1).max(500) }), blocked),
  'people.unblock': mutation(z.object({ handleIds: z.array(id).min(1).max(5000) }), z.object({})),
  /** Newest first; `before` pages towards the past. */
  'people.blocks': query(
    z.object({ before: z.object({ at: time, id }).nullable(), limit: z.number().int().min(1).max(200) }),
    z.object({
      blocks: z.array(
        z.object({
          handleId: id,
          personId: id,
          name: z.string(),
          kind: handleKind,
          display: z.string(),
          at: time,
          by: z.string().nullable(),
          /** How many things came since. */
          came: z.number().int(),
        }),
      ),
      more: z.boolean(),
    }),
  ),
  /** A person by hand: somebody to write to or call who has not written yet. Finds an existing one by address or number. */
  'people.add': mutation(
    z.object({ name: text(200), email: text(320).nullable(), phone: text(40).nullable(), source: text(100) }),
    z.object({ personId: id }),
  ),
  /** For the composer and the palette: people by name, address or number, most recent first. */
  'people.find': query(
    z.object({ text: text(200), limit: z.number().int().min(1).max(50) }),
    z.object({
      people: z.array(
        z.object({ personId: id, name: z.string(), company: z.string().nullable(), handles: z.array(handle) }),
      ),
    }),
  ),
}

export type PersonCard = z.infer<typeof personCard>
export type Handle = z.infer<typeof handle>
export type CardHandle = z.infer<typeof cardHandle>
export type HandleKind = z.infer<typeof handleKind>
export type TimelineEntry = z.infer<typeof timelineEntry>
export type Attachment = z.infer<typeof attachment>
export type Delivery = z.infer<typeof delivery>
export type Clock = z.infer<typeof clock>
