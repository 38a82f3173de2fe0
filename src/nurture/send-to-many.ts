import type { QueueTemplated } from '../contact/queue-templated.ts'
import { DeskbellError, notFound } from '../rpc/errors.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { Opening } from './opening.ts'
import type { UnsubscribeLink } from './template-values.ts'
import { fillWording } from './templates.ts'

export type ToMany = { readonly templateId: number; readonly leadIds: readonly number[] }

export type SendDeps = {
  readonly store: Store
  readonly links: () => Promise<UnsubscribeLink | null>
  readonly opening: Opening
  readonly queue: QueueTemplated
  /** The outbox has something new. */
  readonly nudge: () => void
}

type Ready = {
  readonly personId: number
  readonly name: string
  readonly subject: string
  readonly body: string
  readonly jobId: number
  readonly leavesAt: number
}
type Blocked = { readonly personId: number; readonly name: string; readonly why: string }
export type Sorted = { readonly ready: readonly Ready[]; readonly blocked: readonly Blocked[] }

/**
 * Queues a template for the people of some leads, filled for each of them. Whoever lacks something that the template
 * needs, or must not be reached, gets nothing and is named.
 * @throws DeskbellError `NOT_FOUND`
 */
export async function sendToMany(deps: SendDeps, many: ToMany): Promise<Sorted> {
  const link = await deps.links()
  const sorted = await deps.store.write((tx) => queueAll(tx, deps, many, link))
  deps.nudge()
  return sorted
}

/** What {@link sendToMany} would do. It is done and taken back in one transaction, so it cannot differ. */
export async function tryOnMany(deps: SendDeps, many: ToMany): Promise<Sorted> {
  const link = await deps.links()
  let sorted: Sorted | null = null
  try {
    await deps.store.write(async (tx) => {
      sorted = await queueAll(tx, deps, many, link)
      throw new TakeBack()
    })
  } catch (error) {
    if (!(error instanceof TakeBack)) throw error
  }
  return sorted ?? { ready: [], blocked: [] }
}

class TakeBack extends Error {}

async function queueAll(
  tx: WriteStore,
  { queue, opening }: SendDeps,
  { templateId, leadIds }: ToMany,
  link: UnsubscribeLink | null,
): Promise<Sorted> {
  const template = await tx.db
    .selectFrom('template')
    .select(['channel', 'subject', 'body'])
    .where('id', '=', templateId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!template) throw notFound('This template')
  const ready: Ready[] = []
  const blocked: Blocked[] = []
  for (const { personId, name } of await peopleOf(tx, leadIds)) {
    const { subject, body, missing } = await fillWording(tx, template, { personId, link, opening })
    if (missing.length > 0) {
      blocked.push({ personId, name, why: `Nothing is known for ${missing.join(', ')}.` })
      continue
    }
    const message = { personId, channel: template.channel, subject, body, templateId, place: ready.length }
    try {
      ready.push({ personId, name, subject, body, ...(await queue(tx, message, link)) })
    } catch (error) {
      // Refused before anything was written.
      if (!(error instanceof DeskbellError && error.code === 'BAD_INPUT')) throw error
      blocked.push({ personId, name, why: error.message })
    }
  }
  return { ready, blocked }
}

/** Each person once, in the order of the leads. */
async function peopleOf(
  { db }: ReadStore,
  leadIds: readonly number[],
): Promise<readonly { readonly personId: number; readonly name: string }[]> {
  const people = new Map<number, string>()
  for (const leadId of leadIds) {
    const person = await db
      .selectFrom('lead')
      .innerJoin('person', 'person.id', 'lead.person_id')
      .select(['person.id', 'person.name'])
      .where('lead.id', '=', leadId)
      .executeTakeFirst()
    if (!person) throw notFound('This lead')
    people.set(person.id, person.name)
  }
  return [...people].map(([personId, name]) => ({ personId, name }))
}
