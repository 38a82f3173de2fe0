import { insertAccount, readAccounts } from '../channels/accounts.ts'
import type { Inbound } from '../channels/channel.ts'
import type { Deliver } from '../channels/channel-context.ts'
import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import type { Handlers } from '../rpc/serve.ts'
import { saveSetting } from '../store/queries/settings.ts'
import type { ReadStore, Store } from '../store/store.ts'
import type { SampleBusiness, SamplePerson, SampleStep } from './sample-business.ts'
import { readSampleBusiness } from './sample-business.ts'
import { toInbound } from './to-inbound.ts'
import { uglyBusiness } from './ugly-business.ts'

/** The parts of the engine that the sample goes through, all on one clock. */
export type SampleAreas = {
  readonly ingest: Deliver
  readonly handlers: Pick<
    Handlers,
    | 'inbox.done'
    | 'inbox.notALead'
    | 'inbox.snooze'
    | 'inbox.assign'
    | 'convert.judge'
    | 'contact.addNote'
    | 'contact.setOutcome'
    | 'tasks.add'
    | 'people.update'
    | 'people.addHandle'
  >
}

export type SampleVariant = 'brightwater' | 'ugly'

export type SeedParts = {
  readonly store: Store
  readonly clock: Clock
  /** The engine's areas on another clock: things of yesterday must be scored, routed and timed as of yesterday. */
  readonly areasAt: (clock: Clock) => SampleAreas
  /** `ugly` is for looking at screens: what real life puts into them at its worst. */
  readonly variant: SampleVariant
}

/** How far the seed got, kept with the account so that a start that was cut off is taken up and not repeated. */
const progressScope = 'seed'
type Progress = { readonly startedAt: number; readonly steps: number; readonly complete: boolean }

/**
 * Fills an empty workspace with a business at work, through the same door as everything real: scores, owners and clocks
 * are computed and not made up.
 * @returns `kept` when there is something already, be it a sample or a real business: then nothing is touched
 */
export async function seedSample({ store, clock, areasAt, variant }: SeedParts): Promise<'seeded' | 'kept'> {
  const business = variant === 'ugly' ? uglyBusiness(readSampleBusiness()) : readSampleBusiness()
  const existing = (await readAccounts(store.read)).find((it) => it.kind === 'sample')
  if (!existing && !(await isEmpty(store.read))) return 'kept'
  const accountId = existing?.id ?? (await makeWorkspace(store, business, clock.now()))
  const progress = await readProgress(store.read, accountId)
  if (!progress || progress.complete) return 'kept'

  let now = progress.startedAt
  const areas = areasAt({ now: () => now, after: () => () => {} })
  const steps = planOf(business, accountId, progress.startedAt)
  for (const [index, step] of steps.entries()) {
    if (index < progress.steps) continue
    now = step.at
    if (step.item) await areas.ingest(accountId, [step.item], [])
    const acted = await act(store.read, areas.handlers, step, progress.startedAt)
    // A delivery taken up again is known by its id; only what a person did would be done twice.
    if (acted) await saveProgress(store, accountId, { ...progress, steps: index + 1 })
  }
  await saveProgress(store, accountId, { ...progress, steps: steps.length, complete: true })
  return 'seeded'
}

type Planned = {
  readonly at: number
  readonly step: SampleStep
  readonly person: SamplePerson
  readonly item: Inbound | undefined
  /** The delivery that this step is about: its own, or the person's last before it. */
  readonly about: string
  readonly first: boolean
}

/** All steps of all people, oldest first. */
function planOf(business: SampleBusiness, accountId: number, now: number): Planned[] {
  const planned = business.people.flatMap((person, index) => {
    const items = toInbound({ accountId, world: business, person, index }, now)
    let about = ''
    return person.events
      .toSorted((a, b) => b.ago - a.ago)
      .map((step, position) => {
        const item = items.get(step)
        about = item?.externalId ?? about
        return { at: now - step.ago, step, person, item, about, first: position === 0 }
      })
  })
  return planned.toSorted((a, b) => a.at - b.at)
}

/** Does what a member of the team did in this step; answers whether there was anything to do. */
async function act(
  store: ReadStore,
  handlers: SampleAreas['handlers'],
  { step, person, about, first }: Planned,
  now: number,
): Promise<boolean> {
  const { note, outcome, done, end, notALead, snooze, assign, task } = step
  if (!first && [note, outcome, done, end, notALead, snooze, assign, task].every((it) => it === undefined)) return false
  const { interactionId, personId, leadId } = await whatCameOf(store, about)
  if (first) await introduce(handlers, personId, person)
  if (outcome !== undefined) {
    await handlers['contact.setOutcome']({ interactionId, outcome, ...(note === undefined ? {} : { note }) })
  } else if (note !== undefined) {
    await handlers['contact.addNote']({ personId, text: note })
  }
  if (task !== undefined) {
    const { due, ...what } = task
    await handlers['tasks.add']({ ...what, personId, dueAt: now + due, ownerId: null })
  }
  if (leadId === null) return true
  const leadIds = [leadId]
  if (done) await handlers['inbox.done']({ leadIds })
  if (end) await handlers['convert.judge']({ leadIds, verdict: end })
  if (notALead) await handlers['inbox.notALead']({ leadIds })
  if (snooze !== undefined) await handlers['inbox.snooze']({ leadIds, until: now + snooze })
  if (assign !== undefined) await handlers['inbox.assign']({ leadIds, memberId: await memberNamed(store, assign) })
  return true
}

/** What the team would have asked on the phone: the rest of how to reach somebody, and for whom they work. */
async function introduce(handlers: SampleAreas['handlers'], personId: number, person: SamplePerson): Promise<void> {
  const { company, email, phone } = person
  if (company !== undefined) await handlers['people.update']({ personId, company })
  if (email !== undefined) await handlers['people.addHandle']({ personId, kind: 'email', value: email })
  if (phone !== undefined) await handlers['people.addHandle']({ personId, kind: 'phone', value: phone })
}

async function whatCameOf(store: ReadStore, externalId: string) {
  const row = await store.db
    .selectFrom('inbound_item')
    .innerJoin('interaction', 'interaction.id', 'inbound_item.interaction_id')
    .select(['interaction.id', 'interaction.person_id', 'interaction.lead_id'])
    .where('inbound_item.external_id', '=', externalId)
    .executeTakeFirst()
  const { id, person_id, lead_id } = must(row, `the sample delivery ${externalId}`)
  return { interactionId: id, personId: person_id, leadId: lead_id }
}

async function memberNamed(store: ReadStore, name: string | null): Promise<number | null> {
  if (name === null) return null
  const row = await store.db.selectFrom('member').select('id').where('name', '=', name).executeTakeFirst()
  return must(row, `the sample member ${name}`).id
}

async function isEmpty(store: ReadStore): Promise<boolean> {
  const person = await store.db.selectFrom('person').select('id').limit(1).executeTakeFirst()
  const account = await store.db.selectFrom('account').select('id').limit(1).executeTakeFirst()
  const member = await store.db.selectFrom('member').select('id').limit(1).executeTakeFirst()
  return !person && !account && !member
}

/** Settings, team and the account, with the progress at its start: in one transaction, or not at all. */
function makeWorkspace(store: Store, business: SampleBusiness, at: number): Promise<number> {
  return store.write(async (tx) => {
    await saveSetting(tx, 'setUp', true)
    await saveSetting(tx, 'business', business.business)
    await saveSetting(tx, 'tiers', business.tiers)
    await saveSetting(tx, 'scoring', business.scoring)
    const members = await tx.db
      .insertInto('member')
      .values(business.members.map((it) => ({ ...it, on_duty: 1 as const, created_at: at, removed_at: null })))
      .returning('id')
      .execute()
    await saveSetting(tx, 'me', members[0]?.id ?? null)
    const settings = { email: business.email, phone: business.phone }
    const accountId = await insertAccount(tx, { kind: 'sample', label: 'Sample mailbox and phone', settings, at })
    const value = JSON.stringify({ startedAt: at, steps: 0, complete: false } satisfies Progress)
    await tx.db
      .insertInto('cursor')
      .values({ account_id: accountId, scope: progressScope, value, updated_at: at })
      .execute()
    return accountId
  })
}

async function readProgress(store: ReadStore, accountId: number): Promise<Progress | null> {
  const row = await store.db
    .selectFrom('cursor')
    .select('value')
    .where('account_id', '=', accountId)
    .where('scope', '=', progressScope)
    .executeTakeFirst()
  return row ? (JSON.parse(row.value) as Progress) : null
}

async function saveProgress(store: Store, accountId: number, progress: Progress): Promise<void> {
  await store.write(async (tx) => {
    await tx.db
      .updateTable('cursor')
      .set({ value: JSON.stringify(progress) })
      .where('account_id', '=', accountId)
      .where('scope', '=', progressScope)
      .execute()
  })
}
