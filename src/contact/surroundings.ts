import type { Channels } from '../channels/registry.ts'
import type { Clock } from '../lib/clock.ts'
import { notFound } from '../rpc/errors.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { readMembers } from '../store/queries/members.ts'
import { readSettings } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import type { Clocks } from './clocks.ts'
import type { Outbox } from './outbox.ts'

/** What the handlers of this area work with. */
export type ContactDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly clocks: Clocks
  readonly channels: Pick<Channels, 'of'>
  readonly outbox: Pick<Outbox, 'nudge'>
  /** Text that never comes twice (a UUID), for the Message-ID of a mail. */
  readonly newId: () => string
  /** Makes the unsubscribe address of an e-mail address; null when no relay has one for us. */
  readonly links: () => Promise<((email: string) => string) | null>
  /** A text goes to somebody: whoever tells kinds of lines may be asked about them. */
  readonly askLine: (tx: WriteStore, personId: number, now: number) => Promise<unknown>
}

/** The member in front of the window; null until somebody said who they are. */
export async function currentMember(
  store: ReadStore,
): Promise<{ readonly id: number; readonly name: string; readonly mobile: string | null } | null> {
  const { me } = await readSettings(store)
  if (me === null) return null
  return (await readMembers(store)).find((it) => it.id === me) ?? null
}

/** @throws DeskbellError `NOT_FOUND` */
export async function personOf(
  store: ReadStore,
  personId: number,
): Promise<{ readonly id: number; readonly name: string }> {
  const [person] = await personRows(store, { personId })
  if (!person) throw notFound('This person')
  return person
}

type OfPerson = { personId: number }

const personRows = keptQuery<OfPerson, { readonly id: number; readonly name: string }>((db, value) =>
  db.selectFrom('person').select(['id', 'name']).where('id', '=', value('personId')),
)

/** The lead that something with this person belongs to: the open one, else the last one, else none. */
export async function leadOf(
  store: ReadStore,
  personId: number,
): Promise<{ readonly id: number; readonly openedAt: number } | null> {
  const leads = await leadRows(store, { personId })
  const lead = leads.find((it) => it.status === 'open') ?? leads[0]
  return lead ? { id: lead.id, openedAt: lead.opened_at } : null
}

const leadRows = keptQuery<OfPerson, { readonly id: number; readonly status: string; readonly opened_at: number }>(
  (db, value) =>
    db
      .selectFrom('lead')
      .select(['id', 'status', 'opened_at'])
      .where('person_id', '=', value('personId'))
      .orderBy('opened_at', 'desc'),
)
