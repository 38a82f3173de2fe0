import { z } from 'zod'
import { id, mutation, query, text, time } from '../rpc/method.ts'

export const tier = z.enum(['hot', 'warm', 'nurture'])
export const channel = z.enum(['email', 'sms', 'whatsapp', 'chat', 'call', 'form', 'note'])
export const direction = z.enum(['in', 'out', 'internal'])
/**
 * Clocks of a lead. `owned`: somebody must take it. `first_contact`: a human must answer. `second_touch`: we tried, they
 * are silent, try again. `next_reply`: they wrote again. `speed_of_answer`: their call rings; over as soon as it is known.
 */
export const clockKind = z.enum(['owned', 'first_contact', 'second_touch', 'next_reply', 'speed_of_answer'])
export const leadStatus = z.enum(['open', 'done', 'not_lead'])

export const runningClock = z.object({
  kind: clockKind,
  startedAt: time,
  /** When 80 % of the time is gone: from here on the chip says "at risk". */
  riskAt: time,
  dueAt: time,
})

export const inboxView = z.enum([
  'inbox',
  'hot',
  'due',
  'waiting',
  'mine',
  'unassigned',
  'calls',
  'snoozed',
  'done',
  'all',
])

/** One row a person. */
export const inboxRow = z.object({
  leadId: id,
  personId: id,
  name: z.string(),
  company: z.string().nullable(),
  status: leadStatus,
  score: z.number().int().min(0).max(100),
  tier,
  source: z.string(),
  owner: z.object({ id, name: z.string() }).nullable(),
  /** The last thing that happened, as one line. */
  preview: z.string(),
  channel,
  direction,
  /** A call of theirs that nobody took. */
  missedCall: z.boolean(),
  lastAt: time,
  /** The clock that runs out first; none when nothing is owed. */
  clock: runningClock.nullable(),
  snoozedUntil: time.nullable(),
  /** Something to this person waits in the outbox or could not be sent. */
  outbox: z.enum(['idle', 'sending', 'failed']),
})

/** A page is asked for by the key of the last row of the page before. */
export const pageKey = z.object({ sortKey: z.number(), leadId: id })

export const inboxCounts = z.object({
  inbox: z.number().int(),
  hot: z.number().int(),
  due: z.number().int(),
  waiting: z.number().int(),
  mine: z.number().int(),
  unassigned: z.number().int(),
  calls: z.number().int(),
  snoozed: z.number().int(),
  late: z.number().int(),
  atRisk: z.number().int(),
})

export const searchHit = z.object({
  personId: id,
  name: z.string(),
  company: z.string().nullable(),
  /** The interaction to jump to; none when the person's own data matched. */
  interactionId: id.nullable(),
  channel: channel.nullable(),
  at: time.nullable(),
  /** Plain text around the match; matches are between the characters U+E000 and U+E001. */
  snippet: z.string(),
})

/** Answer of everything that can be taken back: give it to `inbox.undo`. */
export const undoable = z.object({ undoId: id })

const leadIds = z.array(id).min(1).max(500)

export const inboxContract = {
  'inbox.list': query(
    z.object({ view: inboxView, after: pageKey.nullable(), limit: z.number().int().min(1).max(200) }),
    z.object({ rows: z.array(inboxRow), next: pageKey.nullable() }),
  ),
  'inbox.row': query(z.object({ personId: id }), inboxRow.nullable()),
  'inbox.counts': query(z.object({}), inboxCounts),
  /** The lead whose deadline is next, for the tray and for Ctrl+J. */
  'inbox.urgent': query(z.object({}), inboxRow.nullable()),
  'inbox.search': query(
    z.object({ text: text(200), limit: z.number().int().min(1).max(100) }),
    z.object({ hits: z.array(searchHit) }),
  ),
  'inbox.done': mutation(z.object({ leadIds }), undoable),
  'inbox.reopen': mutation(z.object({ leadIds }), undoable),
  'inbox.snooze': mutation(z.object({ leadIds, until: time }), undoable),
  /** It is their turn: what is owed stands still until they write, or until somebody says otherwise. */
  'inbox.waiting': mutation(z.object({ leadIds, waiting: z.boolean() }), undoable),
  'inbox.assign': mutation(z.object({ leadIds, memberId: id.nullable() }), undoable),
  'inbox.notALead': mutation(z.object({ leadIds }), undoable),
  'inbox.undo': mutation(z.object({ undoId: id }), z.object({ undone: z.boolean() })),
}

export type Tier = z.infer<typeof tier>
export type ChannelKind = z.infer<typeof channel>
export type Direction = z.infer<typeof direction>
export type ClockKind = z.infer<typeof clockKind>
export type LeadStatus = z.infer<typeof leadStatus>
export type InboxView = z.infer<typeof inboxView>
export type InboxRow = z.infer<typeof inboxRow>
export type InboxCounts = z.infer<typeof inboxCounts>
export type PageKey = z.infer<typeof pageKey>
export type SearchHit = z.infer<typeof searchHit>
