import { type RawBuilder, sql } from 'kysely'
import type { InboxCounts } from '../../inbox/contract.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'

/** How many rows each view has; counting stops at 1000. */
export async function countLeads(store: ReadStore, viewer: Viewer): Promise<InboxCounts> {
  const { rows } = await countsQuery(viewer).execute(store.db)
  return rows[0] ?? empty
}

/** More than anybody reads from a badge; a shop that lets a hundred thousand leads lie waits no longer for its list. */
const most = 1000

/**
 * One statement; every number is a range of the index of its view, which alone answers it, and ends at {@link most}. Ten
 * conditions over one scan of the open leads took ten times as long (measured at 100,000).
 */
export function countsQuery({ now, me }: Viewer) {
  const awake = sql`(snoozed_until is null or snoozed_until <= ${now})`
  const withClock = sql`due_at is not null and ${awake}`
  const count = (condition: RawBuilder<unknown>) =>
    sql`(select count(*) from (select 1 from lead where status = 'open' and ${condition} limit ${most}) as counted)`
  return sql<InboxCounts>`select
    ${count(sql`to_do_key < 9000000000000000 and rests_until <= ${now} and ${awake}`)} as inbox,
    ${count(sql`tier = 'hot' and ${awake}`)} as hot,
    ${count(withClock)} as due,
    ${count(sql`rests_until > 0 and rests_until > ${now} and ${awake}`)} as waiting,
    ${count(sql`owner_id = ${me} and ${awake}`)} as mine,
    ${count(sql`owner_id is null and ${awake}`)} as unassigned,
    ${count(sql`missed_call = 1 and ${awake}`)} as calls,
    ${count(sql`snoozed_until is not null and snoozed_until > ${now}`)} as snoozed,
    (select count(distinct interaction.person_id) from mention cross join interaction
      on interaction.id = mention.interaction_id
      where mention.member_id = ${me} and mention.seen_at is null) as mentions,
    ${count(sql`${withClock} and due_at <= ${now}`)} as late,
    ${count(sql`${withClock} and due_at > ${now} and risk_at <= ${now}`)} as "atRisk"`
}

const empty = {
  inbox: 0,
  hot: 0,
  due: 0,
  waiting: 0,
  mine: 0,
  unassigned: 0,
  calls: 0,
  snoozed: 0,
  mentions: 0,
  late: 0,
  atRisk: 0,
}
