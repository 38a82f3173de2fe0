import type { Clock } from '../lib/clock.ts'
import { day, minute, second } from '../lib/durations.ts'
import type { Log } from '../lib/log.ts'
import { type LookTimer, makeLookTimer } from '../lib/look-timer.ts'
import type { ReadCalendars } from '../store/queries/calendars.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { readLadder } from './ladder-settings.ts'
import { queueMentionText } from './member-texts.ts'
import { currentMember } from './surroundings.ts'
import { readListening } from './who-listens.ts'

export type MentionWatchDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly readCalendars: ReadCalendars
}

const longestWait = minute
// Whoever comes back from a holiday finds them under Mentions; their phone need not say so then.
const fresh = day
const tryAgain = 15 * minute
const atOnce = 100

/**
 * Tells people of the notes that call them: whoever sits at this desk by an event, everybody else by a text, when they
 * asked for texts and are there. What it tells is read from the store, not heard when a note is written: the note may
 * come from another desk, or before the one it calls sat down here.
 */
export function makeMentionWatch({ store, clock, log, readCalendars }: MentionWatchDeps): LookTimer {
  const look = async () => {
    const now = clock.now()
    const me = await currentMember(store.read)
    const { ladder, alerts } = await readLadder(store.read)
    const muted = alerts.mutedUntil !== null && alerts.mutedUntil > now ? alerts.mutedUntil : null
    let next = Number.POSITIVE_INFINITY

    if (me !== null && (await untold(store.read, me.id).limit(1).execute()).length > 0) {
      if (muted === null) await store.write((tx) => tellMentions(tx, me.id, now))
      else next = muted
    }
    const others = ladder.textTo.filter((id) => id !== me?.id)
    const waiting = others.length === 0 ? [] : await untexted(store.read, others, now - fresh).execute()
    if (waiting.length === 0) return next
    const { reachable } = await readListening(store.read, await readCalendars(store.read), now)
    const there = waiting.filter((it) => reachable(it.member_id))
    if (there.length > 0) {
      await store.write(async (tx) => {
        for (const it of await untexted(tx, others, now - fresh).execute())
          if (reachable(it.member_id)) await queueMentionText(tx, it, now)
      })
    }
    return there.length === waiting.length ? next : Math.min(next, now + tryAgain)
  }
  const failed = (error: unknown) => log.error({ error: String(error) }, 'mentions could not be looked at')
  return makeLookTimer({ clock, look, failed, longestWait, calmly: second })
}

async function tellMentions(tx: WriteStore, me: number, now: number): Promise<void> {
  const rows = await untold(tx, me).execute()
  const newest = rows[0]
  if (!newest) return
  await tx.db
    .updateTable('mention')
    .set({ told_at: now })
    .where('member_id', '=', me)
    .where('told_at', 'is', null)
    .where('seen_at', 'is', null)
    .execute()
  tx.announce('mention.made', {
    interactionId: newest.interaction_id,
    personId: newest.person_id,
    name: newest.name,
    author: newest.author,
    text: newest.text.slice(0, 500),
    count: rows.length,
  })
}

/** Notes that call somebody who sits here, unseen and not told of; the newest first. */
export const untold = (store: ReadStore, me: number) =>
  called(store)
    .where('mention.member_id', '=', me)
    .where('mention.seen_at', 'is', null)
    .where('mention.told_at', 'is', null)
    .orderBy('mention.at', 'desc')
    .limit(atOnce)

/** The same for those who want texts and sit elsewhere. */
export const untexted = (store: ReadStore, members: readonly number[], since: number) =>
  called(store)
    .where('mention.member_id', 'in', members)
    .where('mention.seen_at', 'is', null)
    .where('mention.texted_at', 'is', null)
    .where('mention.at', '>', since)
    .limit(atOnce)

const called = (store: ReadStore) =>
  store.db
    .selectFrom('mention')
    .innerJoin('interaction', 'interaction.id', 'mention.interaction_id')
    .innerJoin('person', 'person.id', 'interaction.person_id')
    .leftJoin('member', 'member.id', 'interaction.author_id')
    .select(['mention.interaction_id', 'mention.member_id', 'interaction.person_id', 'interaction.text'])
    .select(['person.name', 'member.name as author'])
