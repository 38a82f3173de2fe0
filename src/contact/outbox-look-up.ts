import type { Channel, Lookup } from '../channels/channel.ts'
import { minute, second } from '../lib/durations.ts'
import { lostCall } from '../store/queries/under-way.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { fromPayload, withoutBytes } from './outbound-payload.ts'
import { arrivalOf, type OpenJob } from './outbox-claim.ts'
import { failJob, markSent, requeueLost, type Settling } from './outbox-settle.ts'

/** Between the two questions that must both be answered with "not here" before something is sent again. */
const betweenLookUps = 10 * second
const firstWait = 5 * second
const longestWait = 5 * minute
/** Nobody waits longer than this beside the phone; then the user decides. */
const callPatience = 2 * minute

export type LookUpState = { readonly dueAt: number; readonly misses: number; readonly tries: number }

type Surroundings = {
  readonly store: Store
  readonly settle: <T>(work: (tx: WriteStore, settling: Settling) => Promise<T>) => Promise<T>
  readonly random: () => number
  readonly now: () => number
}

type Find = (...asked: Parameters<Channel['find']>) => Promise<Lookup | null>

/**
 * Finds out what became of a job of unknown outcome, and settles it when that is certain.
 * @param find asks the provider; null when its account was removed
 * @returns when to ask again; null when the job is settled
 */
export async function lookUpJob(
  { store, settle, random, now }: Surroundings,
  job: OpenJob,
  { misses, tries }: LookUpState,
  find: Find | null,
): Promise<LookUpState | null> {
  const row = await store.read.db
    .selectFrom('job')
    .select(['payload', 'claimed_at', 'interaction_id', 'state'])
    .where('id', '=', job.id)
    .executeTakeFirst()
  if (row?.state !== 'committing') return null

  const lookup =
    (await knownArrival(store, job, row.interaction_id)) ?? (await ask(store, job, row, find)) ?? notAnswered
  switch (lookup.kind) {
    case 'sent':
      await settle((tx, settling) => markSent(tx, job.id, lookup, settling))
      return null
    case 'not-found':
      if (job.kind !== 'call' && misses === 0) return { dueAt: now() + betweenLookUps, misses: 1, tries: 0 }
      await settle((tx, settling) => requeueLost(tx, job.id, settling))
      return null
    case 'cannot-tell':
      await settle((tx, settling) => failJob(tx, job.id, cannotTell, settling, lookup.detail))
      return null
    case 'unreachable':
      if (job.accountGone || (job.kind === 'call' && now() > job.updatedAt + callPatience)) {
        await settle((tx, settling) => failJob(tx, job.id, job.kind === 'call' ? lostCall : accountGone, settling))
        return null
      }
      return { dueAt: now() + waitAfter(tries) * (1 + random() * 0.1), misses, tries: tries + 1 }
  }
}

const waitAfter = (tries: number) => Math.min(longestWait, firstWait * 2 ** Math.min(tries, 10))
const notAnswered: Lookup = { kind: 'unreachable', detail: 'no answer' }
const cannotTell =
  'The connection broke while this message went out, and your provider keeps no copy that would tell whether it arrived. Ask before you send it again.'
const accountGone =
  'We could not tell whether this message was sent before its account was removed. Ask before you send it again.'

async function knownArrival(store: Store, job: OpenJob, interactionId: number): Promise<Lookup | null> {
  const arrival = await arrivalOf(store.read, job.accountId, interactionId)
  return arrival ? { kind: 'sent', ...arrival } : null
}

async function ask(
  store: Store,
  job: OpenJob,
  row: { readonly payload: string; readonly claimed_at: number | null },
  find: Find | null,
): Promise<Lookup | null> {
  if (!find) return null
  try {
    const outbound = withoutBytes(fromPayload(row.payload))
    return await find(outbound, row.claimed_at ?? job.updatedAt, (externalId) => isTaken(store, job, externalId))
  } catch (error) {
    return { kind: 'unreachable', detail: String(error) }
  }
}

/** True for what another message of ours became. What a poll filed without knowing it as ours is free to be found. */
async function isTaken(store: Store, job: OpenJob, externalId: string): Promise<boolean> {
  const other = await store.read.db
    .selectFrom('inbound_item')
    .innerJoin('job', 'job.interaction_id', 'inbound_item.interaction_id')
    .select('job.id')
    .where('inbound_item.account_id', '=', job.accountId)
    .where('inbound_item.external_id', '=', externalId)
    .where('job.id', '!=', job.id)
    .executeTakeFirst()
  return other !== undefined
}
