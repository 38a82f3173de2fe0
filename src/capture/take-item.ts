import type { Inbound } from '../channels/channel.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { recordTouch } from '../store/queries/source-touch.ts'
import { type Batch, type HandleKey, kindIn, leaveOut, touch, valueIn } from './batch.ts'
import { channelOf, fileItem } from './file-item.ts'
import { findOwn } from './find-own.ts'
import { findCopy, findParent } from './find-parent.ts'
import { blockedSender, type Enrich, otherSide, personOf, type Side } from './find-person.ts'
import type { Kept } from './keep-bytes.ts'
import { arrivalOf, leadForArrival, leadOf, sourceOf, type Taken } from './open-lead.ts'
import { followWord, wordOf } from './text-words.ts'
import { noteAnswer, noteRing, updateItem } from './update-item.ts'

/** Settles a message of ours of which the provider proves that it left. Idempotent. */
export type MarkSent = (
  batch: Batch['tx'],
  jobId: number,
  sent: { readonly externalId: string; readonly revision: string },
) => Promise<void>

export type Taking = { readonly enrich: Enrich; readonly markSent: MarkSent }

/** Takes in one item. What follows for its lead is only noted in the batch. */
export async function takeItem(batch: Batch, taking: Taking, item: Inbound, kept: Kept): Promise<void> {
  const known = batch.items.get(item.externalId)
  if (known?.revision === item.revision) return
  batch.tally.seen += known ? 0 : 1
  if (known && known.interactionId !== null) {
    await updateItem(batch, item, kept, known.interactionId)
    await storeRevision(batch, item, kept)
    return
  }

  if (item.test || item.tryOut) {
    await storeItem(batch, item, kept, null)
    if (!known) leaveOut(batch, item.test ? leftOutReasons.test : leftOutReasons.tryOut)
    if (item.tryOut) await keepTryOut(batch, item)
    return
  }
  const own = await findOwn(batch, item)
  if (own) {
    // Linked first: then the outbox finds its own name for it taken by itself.
    await storeItem(batch, item, null, own.interactionId)
    await taking.markSent(batch.tx, own.jobId, item)
    await updateItem(batch, item, kept, own.interactionId)
    return
  }

  const sides = otherSide(batch, item)
  if (sides === 'ours' || (sides.length === 0 && item.direction === 'out')) {
    // Between ourselves, or to nobody we could name: kept for replay, nobody's timeline.
    await storeItem(batch, item, kept, null)
    if (!known) leaveOut(batch, sides === 'ours' ? leftOutReasons.ours : leftOutReasons.nobody)
    return
  }
  const copy = findCopy(batch, item, sides)
  const sender = blockedSender(batch, item, sides)
  const interactionId = copy?.interactionId ?? (await fileNew(batch, taking.enrich, item, kept, { sides, sender }))
  await storeItem(batch, item, kept, interactionId)
  if (copy === null && sender !== null) await countBlocked(batch, sender)
  else batch.tally.taken += copy ? 0 : 1
  batch.tally.newest = Math.max(batch.tally.newest, Math.min(item.at, batch.now))
  noteArrival(batch, item)
}

/** Shown on the card of its channel until somebody takes it away; no person, no deadline, no count comes of it. */
async function keepTryOut(batch: Batch, { accountId, externalId, at, content }: Inbound): Promise<void> {
  const fields = content.kind === 'form' ? content.fields : []
  await batch.tx.db
    .insertInto('try_out')
    .values({
      account_id: accountId,
      external_id: externalId,
      at: Math.min(at, batch.now),
      fields: JSON.stringify(fields),
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'external_id']).doNothing())
    .execute()
  batch.tx.changed('account')
}

/** Kept and called out to nobody; on the list of blocks it is one more. */
async function countBlocked(batch: Batch, sender: HandleKey): Promise<void> {
  leaveOut(batch, leftOutReasons.blocked)
  await batch.tx.db
    .updateTable('handle')
    .set((it) => ({ blocked_came: it('blocked_came', '+', 1) }))
    .where('kind', '=', kindIn(sender))
    .where('value', '=', valueIn(sender))
    .execute()
  const personId = batch.owners.get(sender)
  if (personId !== undefined) batch.tx.changed('person', personId)
}

/** Why an item is kept and yet nobody's timeline. */
const leftOutReasons = {
  test: 'Tests that you started yourself',
  tryOut: 'Test leads that the provider sent',
  ours: 'Between your own numbers and addresses',
  nobody: 'Sent by you to nobody in particular',
  blocked: 'From somebody you blocked',
} as const

function noteArrival(batch: Batch, item: Inbound): void {
  const { content, direction, history } = item
  const itemId = batch.items.get(item.externalId)?.id
  if (itemId === undefined || history || direction === 'out' || (content.kind === 'email' && content.robot !== null))
    return
  batch.tally.arrivals.push({ at: Math.min(item.at, batch.now), itemId })
}

async function fileNew(
  batch: Batch,
  enrich: Enrich,
  item: Inbound,
  kept: Kept,
  { sides, sender }: { readonly sides: readonly Side[]; readonly sender: HandleKey | null },
): Promise<number> {
  const parent = findParent(batch, item, sides)
  const knownBefore = batch.newPeople.size
  const personId = await personOf(batch, enrich, item, sides, parent)
  const taken = await takenFor(batch, item, personId, { parent, isBlocked: sender !== null })
  const leadId = taken?.leadId ?? null
  const theirs = sides.find(({ key }) => batch.owners.get(key) === personId)
  const handle = theirs ? valueIn(theirs.key) : null
  const id = await fileItem(batch, item, kept, { personId, leadId, parent, handle, isBlocked: sender !== null })
  const isNewPerson = batch.newPeople.size > knownBefore
  if (isNewPerson || (sender === null && isTouch(item, taken)))
    await noteTouch(batch, item, { personId, leadId, interactionId: id })
  const { content } = item
  const at = Math.min(item.at, batch.now)
  const word = wordOf(item)
  if (word !== null && handle !== null) {
    await followWord(batch.tx, word, { personId, leadId, number: handle, at })
    // A sentence may be misread: then somebody has to read it, and in time.
    if (leadId !== null && word !== 'phrase') touch(batch, leadId, personId).clockEvents.push({ kind: 'reach', at })
  }
  if (item.history) return id
  if (content.kind === 'call') {
    const interaction = { id, person_id: personId, lead_id: leadId, at }
    noteAnswer(batch, content, interaction)
    if (item.direction === 'in') noteRing(batch, content, interaction)
  } else if (item.direction === 'out') await noteWritten(batch, item, sides, id, personId)
  return id
}

type From = { readonly parent: ReturnType<typeof findParent>; readonly isBlocked: boolean }

/** History, robots and who is blocked are filed under the person and open nothing. */
async function takenFor(
  batch: Batch,
  item: Inbound,
  personId: number,
  { parent, isBlocked }: From,
): Promise<Taken | null> {
  if (item.history) return null
  // "STOP" asks for no answer, and none could be texted.
  if (item.direction === 'out' || wordOf(item) === 'stop') {
    const lead = await leadOf(batch, personId)
    if (lead) touch(batch, lead.id, personId)
    return lead && { leadId: lead.id, came: 'continued' }
  }
  if (isBlocked || (item.content.kind === 'email' && item.content.robot !== null)) return null
  return leadForArrival(batch, arrivalOf(item), personId, parent)
}

/** They came anew, or by a way that says where from. An answer in a conversation is no new touch. */
function isTouch({ source, direction, history, content }: Inbound, taken: Taken | null): boolean {
  if (taken !== null && taken.came !== 'continued') return true
  // Every line of a chat names the page it was written on.
  if (content.kind === 'text' && content.service === 'chat') return false
  const saysWhere = Boolean(source.name?.trim()) || Object.keys(source.detail).length > 0
  return direction === 'in' && !history && saysWhere
}

async function noteTouch(
  batch: Batch,
  item: Inbound,
  where: { readonly personId: number; readonly leadId: number | null; readonly interactionId: number },
): Promise<void> {
  const { detail } = item.source
  const arrival = arrivalOf(item)
  await recordTouch(batch.tx, { ...where, at: Math.min(item.at, batch.now), source: sourceOf(arrival), detail })
}

/** We wrote to them from another program. One mail to several answers each of them. */
async function noteWritten(
  batch: Batch,
  item: Inbound,
  sides: readonly Side[],
  interactionId: number,
  personId: number,
): Promise<void> {
  const { content } = item
  if (content.kind === 'text' && content.delivery === 'failed') return
  const human = content.kind !== 'email' || content.robot === null
  const people = new Set([personId, ...sides.map(({ key }) => batch.owners.get(key))])
  for (const id of people) {
    const lead = id === undefined ? null : await leadOf(batch, id)
    if (id === undefined || lead?.status !== 'open') continue
    const event = { kind: 'answered', at: Math.min(item.at, batch.now), interactionId, human } as const
    touch(batch, lead.id, id).clockEvents.push(event)
  }
}

/**
 * Keeps what arrived, as it arrived.
 * @param kept none for what our outbox sent: there is nothing to replay
 */
export async function storeItem(
  batch: Batch,
  item: Inbound,
  kept: Kept | null,
  interactionId: number | null,
): Promise<void> {
  const payload = { payload: kept?.payload ?? null, payload_blob: kept?.payload_blob ?? null }
  const known = batch.items.get(item.externalId)
  if (known) {
    await batch.tx.db
      .updateTable('inbound_item')
      .set({ revision: item.revision, interaction_id: interactionId, ...payload })
      .where('id', '=', known.id)
      .execute()
    batch.items.set(item.externalId, { ...known, revision: item.revision, interactionId, hasPayload: kept !== null })
    return
  }
  const id = await insertRow(batch.tx, 'inbound_item', {
    account_id: batch.accountId,
    external_id: item.externalId,
    revision: item.revision,
    interaction_id: interactionId,
    received_at: batch.now,
    ...payload,
  })
  batch.items.set(item.externalId, { id, revision: item.revision, interactionId, hasPayload: kept !== null })
}

async function storeRevision(batch: Batch, item: Inbound, kept: Kept): Promise<void> {
  const known = batch.items.get(item.externalId)
  if (known) await storeItem(batch, item, known.hasPayload ? kept : null, known.interactionId)
}

/** For the log: what it was, without a word of it. */
export const describeItem = (item: Inbound) => ({
  externalId: item.externalId,
  channel: channelOf(item),
  direction: item.direction,
})
