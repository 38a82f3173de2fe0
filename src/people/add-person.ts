import type { Clocks } from '../contact/clocks.ts'
import type { FirstTask } from '../contact/tasks/first-task.ts'
import { displayPhone } from '../lib/handles.ts'
import type { RouteLead } from '../route/route-lead.ts'
import { badInput, conflict } from '../rpc/errors.ts'
import type { ScoreLead } from '../score/score-lead.ts'
import { recordEvent } from '../store/queries/events.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { personByHandle } from '../store/queries/person.ts'
import { indexPerson } from '../store/queries/search.ts'
import { readSettings, type WorkspaceSettings } from '../store/queries/settings.ts'
import { recordTouch } from '../store/queries/source-touch.ts'
import type { WriteStore } from '../store/store.ts'
import type { HandleKind } from './contract.ts'
import { addHandle, type PhoneRegionOf, readHandle, typedByUser } from './edit-person.ts'

/** What opening a lead takes from the other stages of its life. */
export type AddPersonDeps = {
  readonly phoneRegion: PhoneRegionOf
  readonly companyFromEmail: (address: string) => string | null
  readonly scoreLead: ScoreLead
  readonly routeLead: RouteLead
  readonly clocks: Pick<Clocks, 'opened'>
  readonly firstTask: FirstTask
  /** Whoever is new is put on the list of the paid services that are on. */
  readonly queueLookups: (tx: WriteStore, personId: number, now: number) => Promise<unknown>
}

export type NewPerson = {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  /** Where they come from; a lead always says so. */
  readonly source: string
}

/**
 * Somebody to write to or call who has not written yet, typed in by the user: found by address or number, or made, with
 * an open lead.
 * @throws DeskbellError `BAD_INPUT` without a source or any way to reach them; `CONFLICT` when address and number belong
 * to two people
 */
export async function addPerson(
  tx: WriteStore,
  input: NewPerson,
  at: number,
  deps: AddPersonDeps,
): Promise<{ personId: number }> {
  const settings = await readSettings(tx)
  if (input.source === '') throw badInput('Please say where this lead comes from, for example "Referral" or "Walk-in".')
  if (!input.email && !input.phone)
    throw badInput('Please type an e-mail address or a phone number, so that they can be reached.')
  const { personId } = await findOrMakePerson(tx, input, at, deps)
  const leadId = await openLead(tx, personId, input.source, at, settings, deps)
  await recordTouch(tx, { personId, leadId, interactionId: null, at, source: input.source, detail: {} })
  tx.changed('person', personId)
  return { personId }
}

/**
 * Somebody by address or number, else a new person with what was typed.
 * @throws DeskbellError `BAD_INPUT` when an address or number is none; `CONFLICT` when they belong to two people
 */
export async function findOrMakePerson(
  tx: WriteStore,
  input: Omit<NewPerson, 'source'>,
  at: number,
  deps: Pick<AddPersonDeps, 'phoneRegion' | 'companyFromEmail'>,
): Promise<{ readonly personId: number; readonly isNew: boolean }> {
  const { business } = await readSettings(tx)
  const handles = (['email', 'phone'] as const).flatMap((kind) =>
    input[kind] ? [{ kind, value: readHandle(kind, input[kind], business.country) }] : [],
  )
  const known = await knownPerson(tx, handles)
  const personId = known ?? (await makePerson(tx, { ...input, country: business.country }, handles, at, deps))
  for (const handle of handles)
    await addHandle(tx, personId, handle, { at, phoneRegion: deps.phoneRegion, tell: known !== null })
  await indexPerson(tx, personId)
  return { personId, isNew: known === null }
}

type KnownHandle = { readonly kind: HandleKind; readonly value: string }

async function knownPerson(tx: WriteStore, handles: readonly KnownHandle[]): Promise<number | null> {
  const owners = new Map<number, string>()
  for (const { kind, value } of handles) {
    const owner = await personByHandle(tx, kind, value)
    if (owner) owners.set(owner.personId, owner.name)
  }
  if (owners.size > 1) {
    throw conflict(`The address and the number belong to different people: ${[...owners.values()].join(' and ')}.`)
  }
  return [...owners.keys()][0] ?? null
}

async function makePerson(
  tx: WriteStore,
  { name, country }: Pick<NewPerson, 'name'> & { readonly country: string },
  handles: readonly KnownHandle[],
  at: number,
  deps: Pick<AddPersonDeps, 'companyFromEmail'>,
): Promise<number> {
  const email = handles.find((it) => it.kind === 'email')
  const { id } = await tx.db
    .insertInto('person')
    .values({
      name: name || displayPhone(handles[0]?.value ?? '', country),
      name_rank: name ? typedByUser : 0,
      company: email ? deps.companyFromEmail(email.value) : null,
      created_at: at,
      updated_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

async function openLead(
  tx: WriteStore,
  personId: number,
  source: string,
  at: number,
  settings: WorkspaceSettings,
  { scoreLead, routeLead, clocks, firstTask, queueLookups }: AddPersonDeps,
): Promise<number> {
  const open = await tx.db
    .selectFrom('lead')
    .select('id')
    .where('person_id', '=', personId)
    .where('status', '=', 'open')
    .executeTakeFirst()
  if (open) return open.id
  const me = await memberName(tx, settings.me)
  const { id: leadId } = await tx.db
    .insertInto('lead')
    .values({
      person_id: personId,
      status: 'open',
      // Whoever types somebody in means to look after them.
      owner_id: me ? settings.me : null,
      owner_reason: me ? `${me} added them` : null,
      source,
      source_detail: '{}',
      score: 0,
      tier: 'nurture',
      opened_at: at,
      last_at: at,
      last_channel: 'note',
      last_direction: 'internal',
      preview: 'Added by hand',
      missed_call: 0,
      outbox: 'idle',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordEvent(tx, {
    at,
    type: 'lead.opened',
    personId,
    leadId,
    authorId: settings.me,
    text: source === 'Added by hand' ? source : `Added by hand · ${source}`,
  })
  await scoreLead(tx, leadId, settings, at)
  if (!me) await routeLead(tx, leadId, at)
  await clocks.opened(tx, leadId, at)
  await firstTask(tx, leadId, at)
  await queueLookups(tx, personId, at)
  await refreshLeadRow(tx, leadId)
  return leadId
}

async function memberName(tx: WriteStore, id: number | null): Promise<string | null> {
  if (id === null) return null
  const member = await tx.db
    .selectFrom('member')
    .select('name')
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return member?.name ?? null
}
