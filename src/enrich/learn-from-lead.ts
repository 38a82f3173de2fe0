import { keptQuery } from '../store/queries/kept-query.ts'
import { readMembers } from '../store/queries/members.ts'
import type { WorkspaceSettings } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { learn, type Ours, type Readers, type Said, saidQuery } from './learn.ts'
import { queueLookups } from './queue-lookups.ts'

/** The delivery under way, as far as it matters here. */
export type Arriving = {
  readonly tx: WriteStore
  readonly now: number
  readonly settings: Pick<WorkspaceSettings, 'business'>
  readonly own: ReadonlySet<string>
}

/** Something came for a lead: what it says of them is written down before the lead is scored. */
export type LearnFromLead = (
  arriving: Arriving,
  lead: { readonly leadId: number; readonly personId: number; readonly isNew: boolean },
) => Promise<void>

// Of a burst the newest messages say it all.
const atMost = 10

/** Reads what came in with this delivery, in its transaction, and puts new people on the list for paid services. */
export function makeLearnFromLead(readers: Readers): LearnFromLead {
  return async ({ tx, now, settings, own }, { leadId, personId, isNew }) => {
    const said = await arrived(tx, { leadId, now })
    if (said.length > 0) {
      const names = await ourNames(tx, settings.business.name)
      await learn(tx, personId, said, { own, names, country: settings.business.country }, readers, now)
    }
    if (isNew) await queueLookups(tx, personId, now)
  }
}

/** What this delivery brought for a lead. */
export const arrivedQuery = (store: Pick<ReadStore, 'db'>, leadId: number, now: number) =>
  saidQuery(store)
    .where('lead_id', '=', leadId)
    .where('interaction.created_at', '=', now)
    .orderBy('at', 'desc')
    .limit(atMost)

const arrived = keptQuery<{ leadId: number; now: number }, Said>((db, value) =>
  arrivedQuery({ db }, value('leadId'), value('now')),
)

/** What the business and its people are called, lower case. */
export async function ourNames(tx: WriteStore, business: string): Promise<Ours['names']> {
  const names = [business, ...(await readMembers(tx)).map((it) => it.name)]
  return new Set(names.map((it) => it.trim().toLowerCase()).filter((it) => it !== ''))
}
