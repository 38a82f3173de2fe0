import type { Inbound } from '../channels/channel.ts'
import type { PhoneRegion } from '../enrich/phone-region.ts'
import { must } from '../lib/assert.ts'
import { displayPhone } from '../lib/handles.ts'
import { insertRow } from '../store/queries/insert-row.ts'
import { wasEmptied } from '../store/queries/person-fields.ts'
import { type Batch, type HandleKey, type KnownPerson, keyOf, kindIn, valueIn } from './batch.ts'
import type { KnownMail } from './known-mails.ts'
import { cleanName, nameFromAddress } from './names.ts'

/** What can be told of somebody without asking anybody. */
export type Enrich = {
  readonly phoneRegion: (number: string) => PhoneRegion
  readonly companyFromEmail: (address: string) => string | null
}

/** An address or number on the other side, ours left out. */
export type Side = { readonly key: HandleKey; readonly name: string | null }

/** How far a name may be trusted, see the person table. */
const guessed = 0
const given = 1

/**
 * The other side of an item.
 * @returns `ours` when only the business itself takes part
 */
export function otherSide(batch: Batch, item: Inbound): readonly Side[] | 'ours' {
  const sides = item.parties.flatMap(({ kind, value, name }) => {
    const key = keyOf(batch, { kind, value, name })
    return key === null ? [] : [{ key, name: cleanName(name, valueIn(key)) }]
  })
  const others = sides.filter(({ key }) => !batch.own.has(key))
  return sides.length > 0 && others.length === 0 ? 'ours' : others
}

/**
 * Those of the other side who are surely one and the same person. Everybody in a form is; of a mail only who gets the
 * answer (and the number of a visitor that came with the address), never people in copy.
 */
function identityOf(item: Inbound, sides: readonly Side[]): readonly Side[] {
  if (item.content.kind !== 'email') return sides
  return sides.filter((side, index) => index === 0 || (item.direction === 'in' && kindIn(side.key) === 'phone'))
}

/** The address or number of a sender who is blocked. What came before somebody was, as history, is what it was. */
export function blockedSender(batch: Batch, item: Inbound, sides: readonly Side[]): HandleKey | null {
  if (item.direction === 'out' || item.history || batch.blocked.size === 0) return null
  return identityOf(item, sides).find(({ key }) => batch.blocked.has(key))?.key ?? null
}

/**
 * Those that may find a person. What a visitor types into a chat proves nothing: an address that is somebody else's
 * stays theirs, and the two are only suggested as the same (people/find-duplicates.ts).
 */
function proven(identity: readonly Side[]): readonly Side[] {
  const chat = identity.filter(({ key }) => kindIn(key) === 'chat')
  return chat.length > 0 ? chat : identity
}

/** An address that somebody in a chat says is theirs, and that is known as another person's. */
function isClaimed(batch: Batch, identity: readonly Side[], { key }: Side, personId: number | null): boolean {
  const owner = batch.owners.get(key)
  return proven(identity) !== identity && kindIn(key) !== 'chat' && owner !== undefined && owner !== personId
}

/**
 * The person of an item: found by any of their addresses and numbers, by the conversation a mail answers, or made.
 *
 * @param parent the mail this one answers
 */
export async function personOf(
  batch: Batch,
  enrich: Enrich,
  item: Inbound,
  sides: readonly Side[],
  parent: KnownMail | null,
): Promise<number> {
  const identity = identityOf(item, sides)
  // Our own mail belongs to whomever it was written to, also when we only know the second recipient.
  const searched = item.direction === 'out' ? sides : proven(identity)
  const known = [...new Set(searched.map(({ key }) => batch.owners.get(key)).filter((id) => id !== undefined))]
  const found =
    parent && (known.length === 0 || known.includes(parent.personId)) ? parent.personId : await pickActive(batch, known)
  const isOurs = item.direction === 'out' && found !== null
  const handles = isOurs ? [] : identity.filter((side) => !isClaimed(batch, identity, side, found))
  const personId = found ?? (await makePerson(batch, enrich, item, handles))
  if (found !== null && !isOurs) await learn(batch, enrich, item, found, handles)
  for (const { key } of handles) {
    if (!batch.owners.has(key)) await addHandle(batch, personId, key, item.at)
    else if (item.direction === 'in' && batch.owners.get(key) === personId) {
      batch.used.set(key, Math.max(item.at, batch.used.get(key) ?? 0))
    }
  }
  return personId
}

/** Several people share what they are reached at: the one we last had to do with. They are not merged. */
async function pickActive(batch: Batch, ids: readonly number[]): Promise<number | null> {
  if (ids.length < 2) return ids[0] ?? null
  const row = await batch.tx.db
    .selectFrom('interaction')
    .select('person_id')
    .where('person_id', 'in', ids)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.person_id ?? ids[0] ?? null
}

async function makePerson(
  batch: Batch,
  enrich: Enrich,
  { at, content }: Inbound,
  sides: readonly Side[],
): Promise<number> {
  const first = sides[0]
  const form = content.kind === 'form' ? content.known : {}
  const name = sides.find((side) => side.name)?.name ?? cleanName(form.name, '')
  const values = {
    name: name ?? fallbackName(content.kind, first?.key, batch.settings.business.country),
    name_rank: name ? given : guessed,
    company: form.company?.trim() || companyOf(enrich, sides),
    ...regionOf(enrich, sides),
  }
  const id = await insertRow(batch.tx, 'person', {
    ...values,
    title: null,
    created_at: Math.min(at, batch.now),
    updated_at: batch.now,
  })
  const { name_rank, ...person } = values
  batch.people.set(id, { id, ...person, nameRank: name_rank })
  batch.newPeople.add(id)
  batch.leads.set(id, null)
  batch.toIndex.add(id)
  return id
}

function fallbackName(kind: Inbound['content']['kind'], key: HandleKey | undefined, country: string): string {
  if (key && kindIn(key) === 'chat') return 'Website visitor'
  if (key) return kindIn(key) === 'email' ? nameFromAddress(valueIn(key)) : displayPhone(valueIn(key), country)
  return kind === 'call' || kind === 'text' ? 'Hidden number' : 'Unknown sender'
}

/** A person known so far only by number may now have a name, a company, a region. What is known is not replaced. */
async function learn(
  batch: Batch,
  enrich: Enrich,
  { content }: Inbound,
  personId: number,
  sides: readonly Side[],
): Promise<void> {
  const person = await knownPerson(batch, personId)
  const form = content.kind === 'form' ? content.known : {}
  const name = sides.find((side) => side.name)?.name ?? cleanName(form.name, '')
  const told = form.company?.trim() || companyOf(enrich, sides)
  // Whoever emptied the company meant it: the next mail from the domain must not guess it again.
  const isEmptied = person.company === null && told !== null && (await wasEmptied(batch.tx, personId, 'company'))
  const company = isEmptied ? null : told
  const place = person.region === null ? regionOf(enrich, sides) : person
  const next: KnownPerson = {
    id: personId,
    name: name && person.nameRank < given ? name : person.name,
    nameRank: name ? Math.max(given, person.nameRank) : person.nameRank,
    company: person.company ?? company,
    region: place.region,
    zone: place.zone,
  }
  const changed = (['name', 'nameRank', 'company', 'region', 'zone'] as const).some((key) => next[key] !== person[key])
  if (!changed) return
  await batch.tx.db
    .updateTable('person')
    .set({
      name: next.name,
      name_rank: next.nameRank,
      company: next.company,
      region: next.region,
      zone: next.zone,
      updated_at: batch.now,
    })
    .where('id', '=', personId)
    .execute()
  batch.people.set(personId, next)
  batch.toIndex.add(personId)
}

/** Someone found through the conversation was not among those looked up by address. */
async function knownPerson(batch: Batch, personId: number): Promise<KnownPerson> {
  const known = batch.people.get(personId)
  if (known) return known
  const row = await batch.tx.db
    .selectFrom('person')
    .select(['id', 'name', 'name_rank as nameRank', 'company', 'region', 'zone'])
    .where('id', '=', personId)
    .executeTakeFirst()
  const person = must(row, `person ${personId}`)
  batch.people.set(personId, person)
  return person
}

async function addHandle(batch: Batch, personId: number, key: HandleKey, at: number): Promise<void> {
  await insertRow(batch.tx, 'handle', {
    person_id: personId,
    kind: kindIn(key),
    value: valueIn(key),
    label: null,
    opted_out_at: null,
    last_used_at: Math.min(at, batch.now),
    created_at: batch.now,
  })
  batch.owners.set(key, personId)
  batch.toIndex.add(personId)
}

function companyOf(enrich: Enrich, sides: readonly Side[]): string | null {
  const email = sides.find(({ key }) => kindIn(key) === 'email')
  return email ? enrich.companyFromEmail(valueIn(email.key)) : null
}

function regionOf(enrich: Enrich, sides: readonly Side[]): PhoneRegion {
  const phone = sides.find(({ key }) => kindIn(key) === 'phone')
  return phone ? enrich.phoneRegion(valueIn(phone.key)) : { region: null, zone: null }
}
