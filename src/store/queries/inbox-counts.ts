import { sql } from 'kysely'
import type { InboxCounts } from '../../inbox/contract.ts'
import type { ReadStore } from '../store.ts'
import type { Viewer } from './inbox.ts'

/** How many rows each view has. */
export async function countLeads(store: ReadStore, viewer: Viewer): Promise<InboxCounts> {
  const { rows } = await countsQuery(viewer).execute(store.db)
  const { open, ...counts } = rows[0] ?? empty
  return { ...counts, inbox: open - counts.snoozed }
}

/**
 * One statement; every number is a range of the index of its view, which alone answers it. Ten conditions over one scan
 * of the open leads took ten times as long (measured at 100,000).
 */
export function countsQuery({ now, me }: Viewer) {
  const awake = sql`(snoozed_until is null or snoozed_until <= ${now})`
  const withClock = sql`select count(*) from lead where status = 'open' and due_at is not null and ${awake}`
  return sql<Omit<InboxCounts, 'inbox'> & { readonly open: number }>`select
    (select count(*) from lead where status = 'open') as open,
    (select count(*) from lead where status = 'open' and tier = 'hot' and ${awake}) as hot,
    (${withClock}) as due,
    (select count(*) from lead
      where status = 'open' and (last_direction = 'out' or waiting_since is not null)
        and (clock_kind is null or clock_kind = 'second_touch') and ${awake}) as waiting,
    (select count(*) from lead where status = 'open' and owner_id = ${me} and ${awake}) as mine,
    (select count(*) from lead where status = 'open' and owner_id is null and ${awake}) as unassigned,
    (select count(*) from lead where status = 'open' and missed_call = 1 and ${awake}) as calls,
    (select count(*) from lead
      where status = 'open' and snoozed_until is not null and snoozed_until > ${now}) as snoozed,
    (select count(distinct interaction.person_id) from mention cross join interaction
      on interaction.id = mention.interaction_id
      where mention.member_id = ${me} and mention.seen_at is null) as mentions,
    (${withClock} and due_at <= ${now}) as late,
    (${withClock} and due_at > ${now} and risk_at <= ${now}) as "atRisk"`
}

const empty = {
  open: 0,
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
