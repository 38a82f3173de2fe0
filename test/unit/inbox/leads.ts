import type { Insertable } from 'kysely'
import { onTestFinished } from 'vitest'
import type { Clocks } from '../../../src/contact/clocks.ts'
import { makeClocks } from '../../../src/contact/clocks.ts'
import { makeInboxHandlers } from '../../../src/inbox/handlers.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { refreshLeadRow } from '../../../src/store/queries/lead-row.ts'
import { indexPerson } from '../../../src/store/queries/search.ts'
import type { CallTable, InteractionTable, LeadTable } from '../../../src/store/schema.ts'
import type { WriteStore } from '../../../src/store/store.ts'
import { type FakeClock, makeFakeClock } from '../../fakes/fake-clock.ts'
import { openTestStore, type TestStore } from '../../fakes/test-store.ts'

export type Inbox = {
  readonly store: TestStore
  readonly clock: FakeClock
  readonly clocks: Clocks
  readonly inbox: ReturnType<typeof makeInboxHandlers>
  /** A person with an open lead. */
  readonly add: (name: string, more?: NewLead) => Promise<{ personId: number; leadId: number }>
  readonly say: (who: { personId: number; leadId: number }, what?: Said) => Promise<number>
  /** The lead as it is in the table, with its clocks. */
  readonly raw: (leadId: number) => Promise<unknown>
}

export type NewLead = Partial<Omit<Insertable<LeadTable>, 'id' | 'person_id' | 'sort_key'>> & {
  readonly company?: string | null
  readonly email?: string
  readonly phone?: string
  readonly personId?: number
  /** Start the clocks of its tier. */
  readonly clocks?: boolean
}
export type Said = Partial<Omit<InteractionTable, 'id' | 'blocked'>> & { readonly call?: Partial<CallTable> }

/** An empty workspace that never closes, and the inbox over it. */
export async function openInbox(): Promise<Inbox> {
  const store = openTestStore()
  onTestFinished(() => store.close())
  await store.set('business', { ...defaultSettings.business, alwaysOpen: true })
  const clock = makeFakeClock()
  const clocks = makeClocks({ clock })
  const inbox = makeInboxHandlers({ store, clock, clocks })

  const add: Inbox['add'] = (name, { company = null, email, phone, personId: known, clocks: start, ...lead } = {}) =>
    store.write(async (tx) => {
      const at = clock.now()
      const personId = known ?? (await insertPerson(tx, name, company, at))
      for (const [kind, value] of [['email', email] as const, ['phone', phone] as const]) {
        if (!value) continue
        await tx.db
          .insertInto('handle')
          .values({ person_id: personId, kind, value, last_used_at: at, created_at: at })
          .execute()
      }
      await indexPerson(tx, personId)
      const { id: leadId } = await tx.db
        .insertInto('lead')
        .values({
          person_id: personId,
          status: 'open',
          source: 'Website form',
          source_detail: '{}',
          score: 20,
          tier: 'nurture',
          opened_at: at,
          last_at: at,
          last_channel: 'email',
          last_direction: 'in',
          preview: 'Hello',
          missed_call: 0,
          outbox: 'idle',
          ...lead,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (start) {
        await clocks.opened(tx, leadId, at)
        await refreshLeadRow(tx, leadId)
      }
      return { personId, leadId }
    })

  const say: Inbox['say'] = ({ personId, leadId }, { call, ...what } = {}) =>
    store.write(async (tx) => {
      const { id } = await tx.db
        .insertInto('interaction')
        .values({
          person_id: personId,
          lead_id: leadId,
          account_id: null,
          channel: call ? 'call' : 'email',
          direction: 'in',
          at: clock.now(),
          author_id: null,
          automatic: 0,
          subject: '',
          text: 'Hello',
          quoted: null,
          delivery: 'received',
          problem: null,
          created_at: clock.now(),
          ...what,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (call) {
        await tx.db
          .insertInto('call')
          .values({
            interaction_id: id,
            from_number: '+14155550187',
            to_number: '+14155550100',
            result: 'missed',
            manual: 0,
            ...call,
          })
          .execute()
      }
      await refreshLeadRow(tx, leadId)
      return id
    })

  const raw: Inbox['raw'] = async (leadId) => ({
    lead: await store.read.db.selectFrom('lead').selectAll().where('id', '=', leadId).executeTakeFirst(),
    clocks: await store.read.db.selectFrom('clock').selectAll().where('lead_id', '=', leadId).orderBy('id').execute(),
  })

  return { store, clock, clocks, inbox, add, say, raw }
}

async function insertPerson(tx: WriteStore, name: string, company: string | null, at: number): Promise<number> {
  const { id } = await tx.db
    .insertInto('person')
    .values({ name, name_rank: 1, company, created_at: at, updated_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
