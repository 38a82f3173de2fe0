import type { Clock } from '../lib/clock.ts'
import { badInput, notFound } from '../rpc/errors.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { recordTouch } from '../store/queries/source-touch.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { type Batch, openBatch, touch } from './batch.ts'
import { largestTouch, type TouchKind } from './contract.ts'
import type { Enrich } from './find-person.ts'
import { announceOpened, followUp, followUpPeople, type Stages } from './follow-up.ts'
import { leadForArrival } from './open-lead.ts'

/** Somebody by address or number, else a new person: people/add-person.ts. */
export type FindOrMakePerson = (
  tx: WriteStore,
  person: { readonly name: string; readonly email: string | null; readonly phone: string | null },
  at: number,
  enrich: Enrich,
) => Promise<{ readonly personId: number; readonly isNew: boolean }>

export type LogTouchDeps = Stages & {
  readonly store: Store
  readonly clock: Clock
  readonly enrich: Enrich
  readonly findOrMakePerson: FindOrMakePerson
}

export type HandTouch = {
  readonly kind: TouchKind
  readonly source: string
  readonly personId: number | null
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly referrerId: number | null
  readonly text: string
  readonly attachments: readonly {
    readonly name: string
    readonly contentType: string
    readonly bytes: Uint8Array
  }[]
  readonly answered: boolean
  readonly at?: number | undefined
}

type Logged = { readonly personId: number; readonly interactionId: number; readonly leadId: number }

/**
 * Somebody came by a way that no channel sees: filed, scored, routed and timed like everything else that comes in.
 * @throws DeskbellError `BAD_INPUT`, `NOT_FOUND`, `CONFLICT` when address and number belong to two people
 */
export async function logTouch(deps: LogTouchDeps, said: HandTouch): Promise<Logged> {
  const { store, clock } = deps
  const now = clock.now()
  if ((said.at ?? now) > now) throw badInput('This is in the future. Choose when it was.')
  if (said.personId === null && !said.name && !said.email && !said.phone) {
    throw badInput('Type at least a name, an e-mail address or a phone number.')
  }
  if (said.attachments.reduce((sum, it) => sum + it.bytes.byteLength, 0) > largestTouch) {
    throw badInput('Together these files are over 25 MB. Leave some out.')
  }
  // Files first, and not inside the transaction: every other writer would wait for the disk.
  const files: { name: string; content_type: string; size: number; blob: string }[] = []
  for (const { name, contentType, bytes } of said.attachments) {
    const blob = await store.blobs.put(bytes)
    files.push({
      name: name || 'attachment',
      content_type: contentType || 'application/octet-stream',
      size: bytes.byteLength,
      blob,
    })
  }
  return store.write(async (tx) => {
    const batch = await openBatch(tx, 0, new Map(), [], now)
    const personId = await whoCame(batch, deps, said)
    const at = Math.min(said.at ?? now, now)
    const arrival = { at, channel: 'note' as const, source: said.source, detail: {}, did: 'they got in touch' }
    const { leadId } = await leadForArrival(batch, arrival, personId, null)
    const interactionId = await fileTouch(batch, personId, leadId, at, said)
    for (const file of files) {
      await tx.db
        .insertInto('attachment')
        .values({ ...file, interaction_id: interactionId, content_id: null })
        .execute()
    }
    await recordTouch(tx, {
      personId,
      leadId,
      interactionId,
      at,
      source: said.source,
      detail: {},
      byHand: said.kind,
      referrerId: said.referrerId,
    })
    const touched = touch(batch, leadId, personId)
    if (said.answered) touched.clockEvents.push({ kind: 'answered', at, interactionId, human: true })
    await followUp(batch, deps, touched)
    await followUpPeople(batch)
    await announceOpened(batch)
    return { personId, interactionId, leadId }
  })
}

async function whoCame(batch: Batch, deps: LogTouchDeps, said: HandTouch): Promise<number> {
  const { tx, now } = batch
  if (said.referrerId !== null) await mustBeThere(tx, said.referrerId)
  if (said.personId !== null) {
    await mustBeThere(tx, said.personId)
    if (said.personId === said.referrerId) throw badInput('Nobody sends themselves. Choose who recommended you.')
    return said.personId
  }
  const { personId, isNew } = await deps.findOrMakePerson(tx, said, now, deps.enrich)
  if (personId === said.referrerId) throw badInput('Nobody sends themselves. Choose who recommended you.')
  if (isNew) batch.newPeople.add(personId)
  return personId
}

async function mustBeThere({ db }: WriteStore, personId: number): Promise<void> {
  const person = await db
    .selectFrom('person')
    .select('id')
    .where('id', '=', personId)
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  if (!person) throw notFound('This person')
}

async function fileTouch(
  batch: Batch,
  personId: number,
  leadId: number,
  at: number,
  { text }: HandTouch,
): Promise<number> {
  const id = await insertRow(batch.tx, 'interaction', {
    person_id: personId,
    lead_id: leadId,
    account_id: null,
    channel: 'note',
    direction: 'in',
    at,
    author_id: batch.settings.me,
    automatic: 0,
    subject: '',
    text,
    quoted: null,
    delivery: 'received',
    problem: null,
    created_at: batch.now,
  })
  batch.tx.changed('interaction', personId)
  batch.tx.changed('person', personId)
  return id
}
