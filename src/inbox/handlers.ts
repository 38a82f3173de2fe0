import { DateTime } from 'luxon'
import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { badInput, conflict, notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { makeReadCalendars } from '../store/queries/calendars.ts'
import { leadOfPerson, mostUrgent } from '../store/queries/inbox.ts'
import { countLeads } from '../store/queries/inbox-counts.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import type { Store, WriteStore } from '../store/store.ts'
import { type Action, changeLeads, hasOtherOpenLead, noOutcome, thawClocks, undoChange } from './change-leads.ts'
import type { inboxContract } from './contract.ts'
import { makeLabelHandlers } from './label-handlers.ts'
import { undoLabelling } from './label-people.ts'
import { seeMentions } from './see-mentions.ts'
import { readMoment, snoozeTimes } from './snooze-times.ts'
import { makeViewHandlers } from './view-handlers.ts'

export type InboxDeps = { readonly store: Store; readonly clock: Clock; readonly clocks: Clocks }

export function makeInboxHandlers({ store, clock, clocks }: InboxDeps): HandlersOf<typeof inboxContract> {
  const readCalendars = makeReadCalendars()
  const viewer = async () => ({ now: clock.now(), me: (await readSettings(store.read)).me })

  /** One action on many leads in one transaction. `refusal` is thrown when it applied to none of them. */
  const act = (
    leadIds: readonly number[],
    at: number,
    actionFor: (tx: WriteStore, settings: WorkspaceSettings) => Action | Promise<Action>,
    refusal?: string,
  ) =>
    store.write(async (tx) => {
      const settings = await readSettings(tx)
      const action = await actionFor(tx, settings)
      const { undoId, changed } = await changeLeads(tx, leadIds, { at, me: settings.me }, action)
      if (changed === 0 && refusal) throw conflict(refusal)
      return { undoId }
    })

  const close = (leadIds: readonly number[], status: 'done' | 'not_lead', text: string) => {
    const at = clock.now()
    return act(leadIds, at, () => ({
      type: `lead.${status}`,
      text,
      apply: (lead) => (lead.status === status ? null : { status, done_at: at, snoozed_until: null }),
      moveClocks: (tx, lead) => (lead.status === 'open' ? clocks.closed(tx, lead.id, at) : Promise.resolve()),
    }))
  }

  return {
    ...makeViewHandlers({ store, clock }),
    ...makeLabelHandlers({ store, clock }),
    'inbox.seeMentions': ({ personId }) => seeMentions(store, personId, clock.now()),
    'inbox.snoozeTimes': async () => {
      const { business } = await readSettings(store.read)
      const place = { now: clock.now(), zone: business.zone }
      return {
        times: [...snoozeTimes(place, (await readCalendars(store.read)).timeOf('business'))],
        zone: business.zone,
      }
    },
    'inbox.readTime': async ({ text }) => {
      const { business } = await readSettings(store.read)
      return { until: readMoment(text, { now: clock.now(), zone: business.zone }) }
    },
    'inbox.row': ({ personId }) => leadOfPerson(store.read, personId),
    'inbox.counts': async () => countLeads(store.read, await viewer()),
    'inbox.urgent': () => mostUrgent(store.read, clock.now()),
    'inbox.done': ({ leadIds }) => close(leadIds, 'done', 'Done'),
    'inbox.notALead': ({ leadIds }) => close(leadIds, 'not_lead', 'Not a lead'),

    'inbox.reopen': ({ leadIds }) => {
      const at = clock.now()
      return act(leadIds, at, () => ({
        type: 'lead.reopened',
        text: 'Opened again',
        apply: async (lead, tx) => {
          if (lead.status === 'open') return null
          // The person came back since: opening the old lead, too, would make two rows of one person.
          if (await hasOtherOpenLead(tx, lead))
            throw conflict('This person has a newer lead that is open. Use that one.')
          // Whoever opens it wants it before them, even if we spoke last.
          return { status: 'open', done_at: null, back_at: at, ...(lead.outcome === null ? {} : noOutcome) }
        },
        moveClocks: thawClocks,
      }))
    },

    'inbox.snooze': async ({ leadIds, until, keep = false }) => {
      const at = clock.now()
      if (until <= at) throw badInput('That time is over. Choose a time that is still to come.')
      return act(
        leadIds,
        at,
        (_, { business }) => ({
          type: 'lead.snoozed',
          text: `Snoozed until ${dayAndTime(until, business.zone)}${keep ? ', even if they write' : ''}`,
          apply: (lead) => (lead.status === 'open' ? { snoozed_until: until, snooze_keep: keep ? 1 : 0 } : null),
          moveClocks: (tx, lead) => clocks.paused(tx, lead.id, at, 'snoozed'),
        }),
        'Only open leads can be snoozed. Open it again first.',
      )
    },

    'inbox.waiting': ({ leadIds, waiting }) => {
      const at = clock.now()
      return act(
        leadIds,
        at,
        () => ({
          type: waiting ? 'lead.waiting' : 'lead.our_turn',
          text: waiting ? 'Waiting for them' : 'Our turn again',
          apply: (lead) => {
            if (lead.status !== 'open') return null
            if (waiting) return lead.waiting_since === null ? { waiting_since: at } : null
            const rests = lead.waiting_since !== null || lead.rests_until > at
            return rests ? { waiting_since: null, back_at: at } : null
          },
          moveClocks: (tx, lead) =>
            waiting ? clocks.paused(tx, lead.id, at, 'waiting') : clocks.resumed(tx, lead.id, at, 'waiting'),
        }),
        waiting ? 'Only open leads can wait for an answer. Open it again first.' : undefined,
      )
    },

    'inbox.assign': ({ leadIds, memberId }) => {
      const at = clock.now()
      return act(leadIds, at, async (tx, { me }) => {
        const { text, reason } = await wordsForOwner(tx, memberId, me)
        return {
          type: 'lead.assigned',
          text,
          apply: (lead) => (lead.owner_id === memberId ? null : { owner_id: memberId, owner_reason: reason }),
          moveClocks: (tx, lead) => (lead.status === 'open' ? clocks.owned(tx, lead.id, at) : Promise.resolve()),
        }
      })
    },

    'inbox.undo': ({ undoId }) =>
      store.write(async (tx) => {
        const now = clock.now()
        return { undone: (await undoLabelling(tx, undoId, now)) ?? (await undoChange(tx, undoId, now)) }
      }),
  }
}

/** What the timeline and the card say about a new owner. */
async function wordsForOwner(
  tx: WriteStore,
  memberId: number | null,
  me: number | null,
): Promise<{ readonly text: string; readonly reason: string | null }> {
  if (memberId === null) return { text: 'Owner taken off', reason: null }
  const members = await tx.db
    .selectFrom('member')
    .select(['id', 'name'])
    .where('id', 'in', [memberId, me ?? memberId])
    .where('removed_at', 'is', null)
    .execute()
  const owner = members.find((it) => it.id === memberId)
  if (!owner) throw notFound('This member of your team')
  const giver = members.find((it) => it.id === me)
  const text =
    memberId === me
      ? `${owner.name} took it`
      : giver
        ? `${giver.name} gave it to ${owner.name}`
        : `Given to ${owner.name}`
  return { text, reason: text }
}

const dayAndTime = (at: number, zone: string) =>
  DateTime.fromMillis(at, { zone, locale: 'en' }).toFormat('ccc d LLL, HH:mm')
