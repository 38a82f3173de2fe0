import { z } from 'zod'
import type { InboxRow } from '../inbox/contract.ts'
import { displayPhone } from '../lib/handles.ts'
import { lineTold, lineType } from '../lib/line-type.ts'
import { notFound } from '../rpc/errors.ts'
import { leadOfPerson } from '../store/queries/inbox.ts'
import { insightsOfLead } from '../store/queries/insights.ts'
import { mergesOf } from '../store/queries/merges.ts'
import { chatOf, clocksOf, handlesOf, lastFromThem, leadDetails, personById } from '../store/queries/person.ts'
import { toldLinesOf } from '../store/queries/person-fields.ts'
import { readLedger } from '../store/queries/score-ledger.ts'
import type { FoundHandle } from '../store/queries/search-find-people.ts'
import { touchEnds } from '../store/queries/source-touch.ts'
import type { ReadStore } from '../store/store.ts'
import type { CardHandle, Handle, PersonCard } from './contract.ts'
import { nextStep } from './next-step.ts'

/**
 * Everything on the card beside the timeline.
 * @param country the business's, to write numbers as people there read them
 * @throws DeskbellError `NOT_FOUND`
 */
export async function personCard(
  store: ReadStore,
  personId: number,
  { country, now }: { readonly country: string; readonly now: number },
): Promise<PersonCard> {
  const person = await personById(store, personId)
  if (!person) throw notFound('This person')
  const handles = await handlesOf(store, personId)
  const row = await leadOfPerson(store, personId)
  const touches = await touchEnds(store, personId)
  return {
    personId,
    name: person.name,
    company: person.company,
    title: person.title,
    region: person.region,
    zone: person.zone,
    handles: await onCard(store, personId, handles, country),
    chat: (await chatOf(store, personId)) ?? null,
    createdAt: person.created_at,
    merges: await mergesOf(store, personId),
    firstTouch: asTouch(touches.first, person.created_at),
    lastTouch: asTouch(touches.last, person.created_at),
    lead: row && (await leadOnCard(store, row, handles, now)),
  }
}

async function leadOnCard(
  store: ReadStore,
  row: InboxRow,
  handles: readonly FoundHandle[],
  now: number,
): Promise<PersonCard['lead']> {
  const details = await leadDetails(store, row.leadId)
  if (!details) return null
  const last = (await lastFromThem(store, row.leadId)) ?? null
  // A missed call and a message that waits to be read say nothing: the one before does.
  const [insight] = await insightsOfLead(store, row.leadId, 5)
  return {
    row,
    tier: row.tier,
    stage: details.stage,
    ledger: await readLedger(store, row.leadId),
    ownerReason: details.owner_reason,
    source: details.source,
    sourceDetail: sourceDetail.parse(JSON.parse(details.source_detail)),
    clocks: await clocksOf(store, row.leadId),
    running: row.clock,
    openedAt: details.opened_at,
    ...(insight && { insight }),
    nextStep: nextStep({
      row,
      last,
      reach: new Set(handles.filter((it) => it.valid === 1).map((it) => it.kind)),
      now,
    }),
  }
}

const sourceDetail = z.record(z.string(), z.string())

type Touch = Awaited<ReturnType<typeof touchEnds>>['first']

function asTouch(touch: Touch, createdAt: number): PersonCard['firstTouch'] {
  if (!touch) return { at: createdAt, source: 'Unknown', detail: {} }
  return { at: touch.at, source: touch.source, detail: sourceDetail.parse(JSON.parse(touch.detail)) }
}

/** An address or number as people read it. */
export const displayOf = ({ kind, value }: Pick<FoundHandle, 'kind' | 'value'>, country: string): string => {
  if (kind === 'chat') return 'Chat on your website'
  return kind === 'phone' ? displayPhone(value, country) : value
}

type OnCard = Awaited<ReturnType<typeof handlesOf>>[number]

async function onCard(store: ReadStore, personId: number, handles: readonly OnCard[], country: string) {
  const told = await toldLinesOf(store, personId)
  return handles.map((it): CardHandle => {
    const firstOfKind = handles.find(({ kind }) => kind === it.kind)
    return {
      ...asHandle(it, country),
      optOut: it.optedOutAt === null ? null : { how: it.optedOutHow, by: it.optedOutBy },
      wrong: it.wrongAt === null ? null : { at: it.wrongAt, by: it.wrongBy },
      first: it.firstAt !== null && it === firstOfKind,
      blocked: it.blockedAt === null ? null : { at: it.blockedAt, by: it.blockedBy, came: it.blockedCame },
      line: it.kind === 'phone' ? lineOf(it.value, told) : null,
    }
  })
}

function lineOf(number: string, told: readonly string[]): CardHandle['line'] {
  const known = lineTold(number, told)
  if (known !== null) return { kind: known, told: true }
  const kind = lineType(number)
  return kind === null ? null : { kind, told: false }
}

export const asHandle = (handle: FoundHandle, country: string): Handle => ({
  id: handle.id,
  kind: handle.kind,
  value: handle.value,
  display: displayOf(handle, country),
  label: handle.label,
  valid: handle.valid === 1,
  optedOutAt: handle.optedOutAt,
  consent: handle.consent,
})
