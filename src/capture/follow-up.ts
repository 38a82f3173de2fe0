import { sql } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import type { Greet } from '../contact/first-answer/greet.ts'
import type { LearnFromLead } from '../enrich/learn-from-lead.ts'
import type { HandleKind } from '../people/contract.ts'
import type { RouteLead } from '../route/route-lead.ts'
import type { EventPayload } from '../rpc/contract.ts'
import type { ScoreLead } from '../score/score-lead.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { indexPerson } from '../store/queries/search.ts'
import { type Batch, kindIn, type Touched, valueIn } from './batch.ts'

/** The stages after capture, handed in by the composition root. */
export type Stages = {
  /** What they say of themselves is written down before the score is made of it. */
  readonly learnFromLead: LearnFromLead
  readonly scoreLead: ScoreLead
  readonly routeLead: RouteLead
  readonly clocks: Clocks
  readonly greet: Greet
}

/** Everything that follows from an arrival for one lead: score, deadlines, owner, row. */
export async function followUp(batch: Batch, stages: Stages, touched: Touched): Promise<void> {
  const { learnFromLead, scoreLead, routeLead, clocks, greet } = stages
  const { tx, now, settings } = batch
  const { leadId, openedAt } = touched
  if (touched.arrived) await learnFromLead(batch, { leadId, personId: touched.personId, isNew: openedAt !== null })
  const scored = touched.arrived ? await scoreLead(tx, leadId, settings, now) : null
  if (openedAt !== null) await clocks.opened(tx, leadId, openedAt)
  if (touched.arrived) await routeLead(tx, leadId, now)
  for (const event of touched.clockEvents.toSorted((a, b) => a.at - b.at)) {
    if (event.kind === 'answered') await clocks.answered(tx, leadId, event)
    else if (event.kind === 'asked') await clocks.asked(tx, leadId, event.at)
    else if (event.kind === 'reach') await clocks.reached(tx, touched.personId, event.at)
    else if (event.kind === 'rang') await clocks.rang(tx, leadId, event)
    else await clocks.owned(tx, leadId, event.at)
  }
  if (touched.sleepsOn) await clocks.paused(tx, leadId, now, 'snoozed')
  // Last: what was answered meanwhile must not start to run from now because it became hot.
  if (openedAt === null && scored?.tierChanged) await clocks.retargeted(tx, leadId)
  const missed = touched.clockEvents.findLast((it) => it.kind === 'rang' && it.answeredAt === null)
  const missedCall = missed?.kind === 'rang' ? missed.interactionId : null
  const isNew = openedAt !== null
  if (isNew || missedCall !== null) await greet(tx, { leadId, personId: touched.personId, isNew, missedCall }, now)
  await refreshLeadRow(tx, leadId)
}

/** Tells windows of leads that are new, as they are after all that. */
export async function announceOpened(batch: Batch): Promise<void> {
  for (const { leadId, openedAt } of batch.touched.values()) {
    if (openedAt === null) continue
    for (const opened of await openedLead(batch.tx, { leadId })) batch.tx.announce('lead.opened', opened)
  }
}

const openedLead = keptQuery<{ leadId: number }, EventPayload<'lead.opened'>>((db, value) =>
  db
    .selectFrom('lead')
    .innerJoin('person', 'person.id', 'lead.person_id')
    .select(['lead.id as leadId', 'person_id as personId', 'name', 'tier', 'score', 'preview', 'owner_id as ownerId'])
    .where('lead.id', '=', value('leadId')),
)

/** What is kept per person and not per lead: the search index, and which address or number they used last. */
export async function followUpPeople(batch: Batch): Promise<void> {
  const { tx } = batch
  for (const [key, at] of batch.used) {
    await noteUse(tx, { kind: kindIn(key), value: valueIn(key), at, shownAt: Math.min(at, batch.now) })
  }
  for (const personId of batch.toIndex) {
    await indexPerson(tx, personId)
    tx.changed('person', personId)
  }
}

type Use = {
  readonly kind: HandleKind
  readonly value: string
  readonly at: number
  /** As the clock of this computer allows. */
  readonly shownAt: number
}

const noteUse = keptQuery<Use, unknown>((db, value) =>
  db
    .updateTable('handle')
    // Whoever writes or calls from a number of a list may be texted there from now on.
    .set({ last_used_at: value('shownAt'), consent: sql`iif(consent = 'none', 'implied', consent)` })
    .where('kind', '=', value('kind'))
    .where('value', '=', value('value'))
    .where('last_used_at', '<', value('at')),
)
