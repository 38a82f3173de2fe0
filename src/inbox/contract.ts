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
  'mentions',
])

/** Before the letters from which on everybody is listed by name. */
export const byName = 'names:'

/**
 * A list in the window: a view that every workspace has, `saved:` and the number of one that somebody kept, or `names:` and
 * from where on: everybody by name.
 */
export const listName = z.union([
  inboxView,
  z.templateLiteral(['saved:', z.number().int().positive()]),
  z.templateLiteral([byName, z.string().max(40)]),
])

/** From where on a list goes by name; null for every other list. */
export const nameIn = (view: z.infer<typeof listName>): string | null =>
  view.startsWith(byName) ? view.slice(byName.length) : null

/** Order of a saved view: what is due first, what happened last, what is worth most, who fits best, who does most. */
export const viewSort = z.enum(['due', 'newest', 'score', 'fit', 'engagement'])

export const viewIcon = z.enum(['list', 'star', 'flag', 'flame', 'phone', 'mail', 'message', 'coin', 'tools', 'home'])

/** A search that stands in the rail as a list of leads. */
export const savedView = z.object({
  id,
  name: z.string(),
  icon: viewIcon,
  /** As it was typed into the search field. */
  query: z.string(),
  sort: viewSort,
})

/** One row a person. */
export const inboxRow = z.object({
  leadId: id,
  personId: id,
  name: z.string(),
  company: z.string().nullable(),
  status: leadStatus,
  score: z.number().int().min(0).max(100),
  tier,
  /** Fit and engagement, A1 to C3; null where points are not counted. */
  grade: z.string().nullable(),
  /** Null where no questions are asked. */
  qualification: z.enum(['qualified', 'disqualified', 'open']).nullable(),
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
  /** The earliest task whose time came. */
  taskDueAt: time.nullable(),
  /** Labels of the person, by name. */
  labels: z.array(z.string()),
  /** Something to this person waits in the outbox or could not be sent. */
  outbox: z.enum(['idle', 'sending', 'failed']),
})

/** A page is asked for by the key of the last row of the page before. */
export const pageKey = z.object({ sortKey: z.union([z.number(), z.string()]), leadId: id })

/** Rows of each view. Counting stops at 1000: a badge says no more than 999+. */
export const inboxCounts = z.object({
  inbox: z.number().int(),
  hot: z.number().int(),
  due: z.number().int(),
  waiting: z.number().int(),
  mine: z.number().int(),
  unassigned: z.number().int(),
  calls: z.number().int(),
  snoozed: z.number().int(),
  /** People with a note that calls whoever sits here and that they have not seen. */
  mentions: z.number().int(),
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

const labelName = text(40).min(1)
const leadIds = z.array(id).min(1).max(500)

export const inboxContract = {
  'inbox.list': query(
    z.object({ view: listName, after: pageKey.nullable(), limit: z.number().int().min(1).max(200) }),
    z.object({ rows: z.array(inboxRow), next: pageKey.nullable() }),
  ),
  /** Every lead of a list, for an action on all of them. `more`: there are others beyond the most that is answered. */
  'inbox.ids': query(z.object({ view: listName }), z.object({ leadIds: z.array(id), more: z.boolean() })),
  'inbox.row': query(z.object({ personId: id }), inboxRow.nullable()),
  'inbox.counts': query(z.object({}), inboxCounts),
  /** The lead whose deadline is next, for the tray and for Ctrl+J. */
  'inbox.urgent': query(z.object({}), inboxRow.nullable()),
  /** Words, "phrases", -without, OR, and the operators of inbox/search-query. */
  'inbox.search': query(
    z.object({
      text: text(500),
      limit: z.number().int().min(1).max(100),
      /** `next` of the page before. */
      after: z.string().max(60).nullable().optional(),
    }),
    z.object({
      hits: z.array(searchHit),
      /** Where the next page begins; a page may be short and still have one behind it. */
      next: z.string().nullable(),
      /** `leads`: only leads are asked for, so every hit is a person. */
      about: z.enum(['messages', 'leads']),
      /** What was not understood, in words for the user. */
      problems: z.array(z.string()),
    }),
  ),
  /** In the order of the rail. */
  'inbox.views': query(z.object({}), z.object({ views: z.array(savedView) })),
  /** Leads in each saved view; counting stops at 100. */
  'inbox.viewCounts': query(z.object({}), z.object({ counts: z.array(z.object({ id, count: z.number().int() })) })),
  'inbox.saveView': mutation(
    savedView.extend({ id: id.nullable(), name: text(40).min(1), query: text(500).min(1) }),
    z.object({ id }),
  ),
  'inbox.removeView': mutation(z.object({ id }), z.object({})),
  /** Takes `inbox.removeView` back. */
  'inbox.restoreView': mutation(z.object({ id }), z.object({})),
  /** Puts a view before another one, or at the end. */
  'inbox.moveView': mutation(z.object({ id, before: id.nullable() }), z.object({})),
  'inbox.done': mutation(z.object({ leadIds }), undoable),
  'inbox.reopen': mutation(z.object({ leadIds }), undoable),
  /** @see inbox.snoozeTimes. `keep`: it stays away even when they write. */
  'inbox.snooze': mutation(z.object({ leadIds, until: time, keep: z.boolean().optional() }), undoable),
  /** The moments that people snooze to, soonest first, in the zone and the hours of the business. */
  'inbox.snoozeTimes': query(
    z.object({}),
    z.object({ times: z.array(z.object({ key: z.string(), label: z.string(), until: time })), zone: z.string() }),
  ),
  /** Reads "next tuesday at 3pm", "in 2 weeks". `until` null: not understood. */
  'inbox.readTime': query(z.object({ text: text(100) }), z.object({ until: time.nullable() })),
  /** Whoever sits here has seen the notes about this person that call them. */
  'inbox.seeMentions': mutation(z.object({ personId: id }), z.object({ seen: z.number().int() })),
  /** It is their turn: what is owed stands still until they write, or until somebody says otherwise. */
  'inbox.waiting': mutation(z.object({ leadIds, waiting: z.boolean() }), undoable),
  'inbox.assign': mutation(z.object({ leadIds, memberId: id.nullable() }), undoable),
  'inbox.notALead': mutation(z.object({ leadIds }), undoable),
  /** All labels by name, with how many people wear each. */
  'inbox.labels': query(
    z.object({}),
    z.object({ labels: z.array(z.object({ id, name: z.string(), people: z.number().int() })) }),
  ),
  /** Puts a label on the people of these leads, or takes it off; a name that is new makes a label. */
  'inbox.label': mutation(z.object({ leadIds, name: labelName, on: z.boolean() }), undoable),
  'inbox.renameLabel': mutation(z.object({ id, name: labelName }), z.object({})),
  /** Nobody wears it any more. */
  'inbox.removeLabel': mutation(z.object({ id }), z.object({})),
  /** Takes `inbox.removeLabel` back. */
  'inbox.restoreLabel': mutation(z.object({ id }), z.object({})),
  'inbox.undo': mutation(z.object({ undoId: id }), z.object({ undone: z.boolean() })),
}

export type Tier = z.infer<typeof tier>
export type ChannelKind = z.infer<typeof channel>
export type Direction = z.infer<typeof direction>
export type ClockKind = z.infer<typeof clockKind>
export type LeadStatus = z.infer<typeof leadStatus>
export type InboxView = z.infer<typeof inboxView>
export type ListName = z.infer<typeof listName>
export type SavedView = z.infer<typeof savedView>
export type ViewSort = z.infer<typeof viewSort>
export type ViewIcon = z.infer<typeof viewIcon>
export type InboxRow = z.infer<typeof inboxRow>
export type InboxCounts = z.infer<typeof inboxCounts>
export type PageKey = z.infer<typeof pageKey>
export type SearchHit = z.infer<typeof searchHit>
