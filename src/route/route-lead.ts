import type { ExpressionBuilder } from 'kysely'
import type { Clocks } from '../contact/clocks.ts'
import { recordEvent } from '../store/queries/events.ts'
import type { Database } from '../store/schema.ts'
import type { WriteStore } from '../store/store.ts'
import { type Choice, chooseOwner, type Member } from './choose-owner.ts'

/**
 * Gives a lead an owner when it has none who is on duty, and says why in words. Belongs to the transaction of what
 * brought the lead; the caller refreshes its row.
 * @returns whether the owner changed
 */
export type RouteLead = (tx: WriteStore, leadId: number, at: number) => Promise<boolean>

export function makeRouteLead({ clocks }: { readonly clocks: Pick<Clocks, 'owned'> }): RouteLead {
  return async (tx, leadId, at) => {
    const lead = await tx.db
      .selectFrom('lead')
      .select(['person_id', 'owner_id', 'owner_reason'])
      .select((it) => lastOwner(it, leadId).as('last_owner_id'))
      .where('id', '=', leadId)
      .executeTakeFirstOrThrow()
    const members = await readMembers(tx)
    if (members.some((it) => it.id === lead.owner_id && it.onDuty)) return false

    const before = lead.owner_id ?? lead.last_owner_id
    const choice = chooseOwner(members, { before, lastTurn: await readTurn(tx) })
    // Somebody who is off duty is still better than nobody.
    const ownerId = choice.ownerId ?? lead.owner_id
    if (ownerId === lead.owner_id && (ownerId !== null || choice.reason === lead.owner_reason)) return false
    await tx.db
      .updateTable('lead')
      .set({ owner_id: ownerId, owner_reason: choice.reason })
      .where('id', '=', leadId)
      .execute()
    if (choice.tookTurn) await saveTurn(tx, choice.ownerId)
    const data = { from: lead.owner_id, to: ownerId, by: 'rule' }
    await recordEvent(tx, { at, type: 'lead.routed', personId: lead.person_id, leadId, text: routedText(choice), data })
    tx.changed('lead', lead.person_id)
    if (ownerId !== lead.owner_id) await clocks.owned(tx, leadId, at)
    return ownerId !== lead.owner_id
  }
}

/** "Dana owns it: next in turn; Sam is off duty", for the timeline. */
function routedText({ name, reason }: Choice): string {
  if (name === null) return `Nobody owns it: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
  return `${name} owns it: ${reason.slice(name.length + 1).replace(/^is /, '')}`
}

async function readMembers(tx: WriteStore): Promise<Member[]> {
  const rows = await tx.db
    .selectFrom('member')
    .select(['id', 'name', 'on_duty'])
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ id: row.id, name: row.name, onDuty: row.on_duty === 1 }))
}

/** Who looked after this person the last time. */
const lastOwner = (lead: ExpressionBuilder<Database, 'lead'>, leadId: number) =>
  lead
    .selectFrom('lead as earlier')
    .select('earlier.owner_id')
    .whereRef('earlier.person_id', '=', 'lead.person_id')
    .where('earlier.id', '!=', leadId)
    .where('earlier.owner_id', 'is not', null)
    .orderBy('earlier.opened_at', 'desc')
    .limit(1)

// Whose turn it was last, kept with the settings so that a restart does not start at the first member again.
const turnKey = 'route.turn'

async function readTurn(tx: WriteStore): Promise<number | null> {
  const row = await tx.db.selectFrom('setting').select('value').where('key', '=', turnKey).executeTakeFirst()
  const value: unknown = row ? JSON.parse(row.value) : null
  return typeof value === 'number' ? value : null
}

async function saveTurn(tx: WriteStore, memberId: number | null): Promise<void> {
  const value = JSON.stringify(memberId)
  await tx.db
    .insertInto('setting')
    .values({ key: turnKey, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
