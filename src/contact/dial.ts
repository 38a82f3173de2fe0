import { hour } from '../lib/durations.ts'
import { conflict, DeskbellError, notFound } from '../rpc/errors.ts'
import { callUnderWay } from '../store/queries/under-way.ts'
import type { ReadStore } from '../store/store.ts'
import { cancelJob } from './cancel-send.ts'
import { chooseHandle } from './choose-handle.ts'
import { insertOutgoing, queueJob } from './queue-message.ts'
import { lastPhoneContact } from './send-text.ts'
import { senderFor } from './sender.ts'
import { type ContactDeps, currentMember, personOf } from './surroundings.ts'

/** Providers end calls after four hours; what still says "on" after that was lost track of. */
export const longestCall = 4 * hour

type ToDial = { readonly personId: number; readonly handleId?: number | undefined }

/**
 * Calls a person: the member's own phone rings first, then the person's. The call is in the timeline before any phone
 * rings, so that none is ever forgotten (features 86).
 */
export async function dial(
  { store, clock, channels, outbox }: ContactDeps,
  { personId, handleId }: ToDial,
): Promise<{ interactionId: number }> {
  const interactionId = await store.write(async (tx) => {
    const now = clock.now()
    const person = await personOf(tx, personId)
    const last = await lastPhoneContact(tx, personId)
    const to = await chooseHandle(tx, 'call', person, handleId, last?.theirs ?? null)
    const sender = await senderFor(tx, 'call', { accountId: last?.accountId ?? null, number: last?.ours ?? null })
    if (channels.of(sender.accountId) === null) throw new DeskbellError(lineDown)
    const member = await currentMember(tx)
    if (!member?.mobile) throw new DeskbellError(member ? noMobile : nobody)
    const busyWith = await ongoingCall(tx, member.id, now)
    if (busyWith !== null) throw conflict(`You are still on a call with ${busyWith}. Hang up first.`)
    const message = { personId, accountId: sender.accountId, templateId: null, subject: '', text: '', at: now }
    const id = await insertOutgoing(tx, 'call', message)
    await tx.db
      .insertInto('call')
      .values({
        interaction_id: id,
        from_number: sender.from,
        to_number: to,
        result: 'ringing',
        outcome: null,
        note: null,
        answered_at: null,
        ended_at: null,
        duration_ms: null,
        manual: 0,
        recording_id: null,
      })
      .execute()
    await queueJob(tx, id, message, { kind: 'call', from: sender.from, ownPhone: member.mobile, to })
    return id
  })
  outbox.nudge()
  return { interactionId }
}

const noMobile = {
  code: 'NOT_CONNECTED',
  message: 'Deskbell rings your own phone first. Enter your mobile number in Settings → Team, then dial again.',
  fault: 'user',
  retryable: false,
} as const

const nobody = {
  code: 'NOT_CONNECTED',
  message: 'Choose who you are and enter your mobile number in Settings → Team; Deskbell rings it first.',
  fault: 'user',
  retryable: false,
} as const

const lineDown = {
  code: 'NOT_CONNECTED',
  message: 'The phone line is not connected at the moment. Look at Settings → Health, then dial again.',
  fault: 'remote',
  retryable: true,
} as const

/** With whom a member is on the phone through Deskbell: a second dial would ring a phone that is in use. */
async function ongoingCall(store: ReadStore, memberId: number, now: number): Promise<string | null> {
  const call = await ongoingCallQuery(store, memberId, now).executeTakeFirst()
  return call ? call.name || 'somebody' : null
}

export const ongoingCallQuery = (store: ReadStore, memberId: number, now: number) =>
  store.db
    .selectFrom('call')
    // Left joins keep the few calls that are on as the outer loop.
    .leftJoin('interaction', 'interaction.id', 'call.interaction_id')
    .leftJoin('person', 'person.id', 'interaction.person_id')
    .select('person.name')
    .where(callUnderWay)
    .where('interaction.direction', '=', 'out')
    .where('interaction.author_id', '=', memberId)
    .where('interaction.at', '>', now - longestCall)

/** Ends a call, or takes it back when no phone rings yet. */
export async function hangUp({ store, clock, channels }: ContactDeps, interactionId: number): Promise<void> {
  const call = await store.read.db
    .selectFrom('call')
    .innerJoin('interaction', 'interaction.id', 'call.interaction_id')
    .leftJoin('job', 'job.interaction_id', 'interaction.id')
    .leftJoin('inbound_item', 'inbound_item.interaction_id', 'interaction.id')
    .select(['call.result', 'interaction.account_id', 'job.id as job_id', 'job.state', 'inbound_item.external_id'])
    .where('call.interaction_id', '=', interactionId)
    .executeTakeFirst()
  if (!call) throw notFound('This call')
  if (call.result !== 'ringing' && call.result !== 'in_progress') return
  const { job_id: jobId, external_id: externalId } = call
  if (externalId === null) {
    const takenBack = jobId !== null && (await store.write((tx) => cancelJob(tx, jobId, clock.now())))
    // It may have been placed while we looked; then its name is not known yet.
    if (!takenBack) throw conflict('The call is just being connected. Try again in a moment, or hang up on your phone.')
    return
  }
  const channel = call.account_id === null ? null : channels.of(call.account_id)
  if (!channel?.hangUp) throw conflict('Deskbell cannot reach this call any more. Hang up on your phone.')
  try {
    await channel.hangUp(externalId)
  } catch (error) {
    if (error instanceof DeskbellError) throw error
    throw new DeskbellError(notEnded, { cause: error })
  }
}

const notEnded = {
  code: 'UNREACHABLE',
  message: 'The call could not be ended from here. Hang up on your phone.',
  fault: 'remote',
  retryable: true,
} as const
