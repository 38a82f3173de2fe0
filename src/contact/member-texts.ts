import type { Channels } from '../channels/registry.ts'
import type { Clock } from '../lib/clock.ts'
import { minute, second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { toErrorBody } from '../rpc/errors.ts'
import type { Store, WriteStore } from '../store/store.ts'
import type { Alert } from './alert.ts'
import { senderFor } from './sender.ts'

/**
 * Texts to the phones of the team. They do not go through the outbox: that one owes every message exactly once, by
 * asking the provider after a crash. A late warning is worth nothing and a doubled one is a nuisance, so these are tried
 * once, within minutes, and never belong to a customer's conversation.
 */
export type MemberTexts = {
  readonly start: () => Promise<void>
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** There may be something to send. */
  readonly nudge: () => void
}

const worthSending = 10 * minute
const waitForChannel = 10 * second
// A lead with several clocks is one reason to reach for the phone.
const oneLead = 10 * minute

/** Notes a text about a step of a lead. Nothing for whoever has no number or was just told of this lead's same step. */
export async function queueMemberText(tx: WriteStore, it: Alert, memberId: number, now: number): Promise<void> {
  const member = await tx.db
    .selectFrom('member')
    .select('mobile')
    .where('id', '=', memberId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  const told = await tx.db
    .selectFrom('member_text')
    .select('id')
    .where('lead_id', '=', it.lead_id)
    .where('created_at', '>', now - oneLead)
    .where('member_id', '=', memberId)
    .where('percent', '>=', it.percent)
    .executeTakeFirst()
  if (!member?.mobile || told) return
  const phone = await tx.db
    .selectFrom('handle')
    .select('value')
    .where('person_id', '=', it.person_id)
    .where('kind', '=', 'phone')
    .orderBy('last_used_at', 'desc')
    .executeTakeFirst()
  await tx.db
    .insertInto('member_text')
    .values({
      clock_id: it.clock_id,
      percent: it.percent,
      member_id: memberId,
      lead_id: it.lead_id,
      to_number: member.mobile,
      body: textOf(it, phone?.value ?? null, now),
      state: 'queued',
      problem: null,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['clock_id', 'percent', 'member_id']).doNothing())
    .execute()
  tx.announce('team.text', {})
}

export type MentionToText = {
  readonly interaction_id: number
  readonly member_id: number
  readonly name: string
  readonly author: string | null
  readonly text: string
}

const longestNote = 160

/** Notes a text about a note that calls somebody. Nothing for whoever has no number. */
export async function queueMentionText(tx: WriteStore, it: MentionToText, now: number): Promise<void> {
  await tx.db
    .updateTable('mention')
    .set({ texted_at: now })
    .where('interaction_id', '=', it.interaction_id)
    .where('member_id', '=', it.member_id)
    .execute()
  const member = await tx.db
    .selectFrom('member')
    .select('mobile')
    .where('id', '=', it.member_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!member?.mobile) return
  const words = it.text.replace(/\s+/g, ' ').trim()
  const note = words.length > longestNote ? `${words.slice(0, longestNote)}…` : words
  await tx.db
    .insertInto('member_text')
    .values({
      clock_id: null,
      percent: null,
      member_id: it.member_id,
      lead_id: null,
      interaction_id: it.interaction_id,
      to_number: member.mobile,
      body: `Deskbell: ${it.author ?? 'Somebody'} calls you in a note about ${it.name.slice(0, longestName)}: ${note}`,
      state: 'queued',
      problem: null,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.columns(['interaction_id', 'member_id']).doNothing())
    .execute()
  tx.announce('team.text', {})
}

const longestName = 60

function textOf({ name, due_at, tier }: Alert, phone: string | null, now: number): string {
  const minutes = Math.round((due_at - now) / minute)
  const when = minutes <= 0 ? 'is late for an answer' : `waits: ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`
  const who = `${name.slice(0, longestName)}${tier === 'hot' ? ' (hot)' : ''}`
  return `Deskbell: ${who} ${when}.${phone === null ? '' : ` Call ${phone}.`}`
}

export type MemberTextsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly channels: Pick<Channels, 'of'>
}

export function makeMemberTexts({ store, clock, log, channels }: MemberTextsDeps): MemberTexts {
  let started = false
  let running: Promise<void> | null = null
  let again = false
  let cancel: () => void = () => {}

  const settle = (
    id: number,
    from: 'queued' | 'sending',
    state: 'sending' | 'sent' | 'failed',
    problem: string | null,
  ) =>
    store.write(async (tx) => {
      const { numUpdatedRows } = await tx.db
        .updateTable('member_text')
        .set({ state, problem, updated_at: clock.now() })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    })

  /** Answers whether it has to wait for its channel. */
  const send = async (it: Queued): Promise<boolean> => {
    if (clock.now() - it.created_at > worthSending) {
      await settle(it.id, 'queued', 'failed', 'It could not be sent in time.')
      return false
    }
    const sender = await senderFor(store.read, 'sms', { accountId: null, number: null }).catch((error: unknown) => {
      return { problem: toErrorBody(error).message }
    })
    if ('problem' in sender) {
      await settle(it.id, 'queued', 'failed', sender.problem)
      return false
    }
    const channel = channels.of(sender.accountId)
    if (!channel) return true
    if (!(await settle(it.id, 'queued', 'sending', null))) return false
    const outcome = await channel
      .send({ kind: 'sms', from: sender.from, to: it.to_number, body: it.body }, { committing: async () => {} })
      .catch((error: unknown) => ({ kind: 'failed', error: toErrorBody(error), retryAfterMs: null }) as const)
    const problem = outcome.kind === 'failed' ? outcome.error.message : null
    await settle(it.id, 'sending', outcome.kind === 'failed' ? 'failed' : 'sent', problem)
    if (problem !== null) log.warn({ memberTextId: it.id, problem }, 'a text to the team was not sent')
    return false
  }

  const work = async () => {
    let waits = false
    do {
      again = false
      waits = false
      try {
        for (const it of await queuedTexts(store)) {
          if (!started) break
          waits = (await send(it)) || waits
        }
      } catch (error) {
        log.error({ error: String(error) }, 'texts to the team could not be sent')
        waits = true
      }
    } while (again && started)
    running = null
    if (waits && started) cancel = clock.after(waitForChannel, nudge)
  }

  function nudge(): void {
    cancel()
    if (!started) return
    if (running) again = true
    else running = work()
  }

  return {
    start: async () => {
      // Whether it left is not known; a second one would be worse than none.
      await store.write((tx) =>
        tx.db
          .updateTable('member_text')
          .set({ state: 'failed', problem: 'Deskbell was closed while it was being sent.', updated_at: clock.now() })
          .where('state', '=', 'sending')
          .execute(),
      )
      started = true
      nudge()
    },
    stop: async () => {
      started = false
      cancel()
      await running
    },
    nudge,
  }
}

type Queued = {
  readonly id: number
  readonly to_number: string
  readonly body: string
  readonly created_at: number
}

const queuedTexts = (store: Store): Promise<Queued[]> =>
  store.read.db
    .selectFrom('member_text')
    .select(['id', 'to_number', 'body', 'created_at'])
    .where('state', '=', 'queued')
    .orderBy('id')
    .limit(50)
    .execute()
