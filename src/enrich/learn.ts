import type { FormField } from '../channels/channel.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { type KnownValue, rememberFields } from '../store/queries/person-fields.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { companyFromEmail } from './company.ts'
import { type ReadBudget, readMessage } from './read-message.ts'

/** Readers of what a form asks for, from scoring. */
export type Readers = {
  readonly readBudget: ReadBudget
  readonly readTimeline: (text: string, at: number) => number | null
}

/** One thing that came in, as far as it says something of its writer. */
export type Said = {
  readonly id: number
  readonly channel: string
  readonly at: number
  readonly text: string
  readonly handle: string | null
  readonly robot: string | null
  readonly from: string | null
  readonly known: string | null
}

/** Who we are: what stands under our own words says nothing of them. */
export type Ours = {
  /** `email:` and `phone:` keys of the business and its people. */
  readonly own: ReadonlySet<string>
  /** Names of the business and its people, lower case. */
  readonly names: ReadonlySet<string>
  /** ISO 3166 */
  readonly country: string
}

export const saidQuery = ({ db }: Pick<ReadStore, 'db'>) =>
  db
    .selectFrom('interaction')
    .leftJoin('mail', 'mail.interaction_id', 'interaction.id')
    .leftJoin('form_submission', 'form_submission.interaction_id', 'interaction.id')
    .select([
      'interaction.id',
      'channel',
      'at',
      'text',
      'handle',
      'mail.robot',
      'mail.from_address as from',
      'form_submission.known',
    ])
    .where('direction', '=', 'in')

/**
 * Writes down what a person says of themselves in what they sent.
 * @returns whether anything is known now that was not
 */
export async function learn(
  tx: WriteStore,
  personId: number,
  said: readonly Said[],
  ours: Ours,
  readers: Readers,
  now: number,
): Promise<boolean> {
  if (said.length === 0) return false
  const [person] = await personRows(tx, { personId })
  if (!person) return false
  const isOurs = makeIsOurs(ours)
  const name = person.name_rank > 0 ? person.name : null
  const values = said.flatMap((it) => read(it, name, isOurs, ours.country, readers, now))
  if (values.length === 0) return false
  const handles = await handleRows(tx, { personId })
  const known = new Set(handles.map((it) => it.value))
  const news = values.filter((it) => !((it.field === 'phone' || it.field === 'email') && known.has(it.value)))
  if (news.length === 0) return false
  const guessed = guessedCompany(person.company, handles, news)
  return (await rememberFields(tx, personId, [...guessed, ...news], now)).size > 0
}

type OfPerson = { personId: number }
type PersonRow = { readonly name: string; readonly name_rank: number; readonly company: string | null }

const personRows = keptQuery<OfPerson, PersonRow>((db, value) =>
  db.selectFrom('person').select(['name', 'name_rank', 'company']).where('id', '=', value('personId')),
)

const handleRows = keptQuery<OfPerson, { readonly kind: string; readonly value: string }>((db, value) =>
  db.selectFrom('handle').select(['kind', 'value']).where('person_id', '=', value('personId')),
)

/**
 * The company that was only guessed from somebody's domain, as a value of its own: anything that really says it is
 * better. To be remembered before whatever `news` brings.
 */
export function guessedCompany(
  shown: string | null,
  handles: readonly { readonly kind: string; readonly value: string }[],
  news: readonly KnownValue[],
): KnownValue[] {
  if (shown === null || !news.some((it) => it.field === 'company')) return []
  if (!handles.some((it) => it.kind === 'email' && companyFromEmail(it.value) === shown)) return []
  const at = Math.min(...news.map((it) => it.at))
  return [{ field: 'company', value: shown, origin: 'domain', confidence: 40, at }]
}

function read(
  said: Said,
  name: string | null,
  isOurs: (word: string) => boolean,
  country: string,
  readers: Readers,
  now: number,
): KnownValue[] {
  if (said.robot !== null) return []
  const at = Math.min(said.at, now)
  const where = { at, interactionId: said.id }
  if (said.channel === 'form') return ofForm(said, name, isOurs, country, readers, at)
  const isLetter = said.channel === 'email'
  // In a conversation somebody else may have answered: their signature is theirs.
  if (isLetter && said.from !== said.handle) return []
  const isOwnWord = said.channel !== 'note'
  return (
    readMessage(
      {
        kind: isLetter ? 'letter' : 'text',
        text: said.text,
        sender: { name, email: isLetter ? said.from : null },
        at,
        country,
        isOurs,
      },
      readers.readBudget,
    )
      // A member wrote a note: what is wanted is in it, but "I" is somebody else.
      .filter((it) => isOwnWord || it.field === 'budget' || it.field === 'timeline' || it.field === 'postcode')
      .map((it) => ({ ...it, ...where }))
  )
}

function ofForm(
  said: Said,
  name: string | null,
  isOurs: (word: string) => boolean,
  country: string,
  { readBudget, readTimeline }: Readers,
  at: number,
): KnownValue[] {
  const known = JSON.parse(said.known ?? '{}') as Partial<Record<FormField, string>>
  const values: KnownValue[] = []
  const add = (field: KnownValue['field'], value: string | null | undefined, words: string | null = null) => {
    if (value) values.push({ field, value, words, origin: 'form', confidence: 85, at, interactionId: said.id })
  }
  add('company', known.company?.trim().slice(0, 200))
  add('postcode', known.postcode?.trim().slice(0, 20).toUpperCase())
  const budget = known.budget ? readBudget(known.budget) : null
  add('budget', budget === null ? null : String(budget), known.budget?.trim().slice(0, 100))
  const days = known.timeline ? readTimeline(known.timeline, at) : null
  add('timeline', days === null ? null : String(days), known.timeline?.trim().slice(0, 100))
  if (!known.message) return values
  const sender = { name: name ?? known.name ?? null, email: known.email?.trim().toLowerCase() ?? null }
  const written = readMessage({ kind: 'text', text: known.message, sender, at, country, isOurs }, readBudget)
  const asked = new Set(values.map((it) => it.field))
  const more = written.filter((it) => it.field !== 'name' && !asked.has(it.field))
  return [...values, ...more.map((it) => ({ ...it, at, interactionId: said.id }))]
}

function makeIsOurs({ own, names }: Ours): (word: string) => boolean {
  const domains = new Set<string>()
  for (const key of own) {
    const domain = key.startsWith('email:') ? key.slice(key.lastIndexOf('@') + 1) : ''
    if (domain !== '' && companyFromEmail(`x@${domain}`) !== null) domains.add(domain)
  }
  return (word) =>
    own.has(`email:${word}`) ||
    own.has(`phone:${word}`) ||
    domains.has(word) ||
    domains.has(word.slice(word.lastIndexOf('@') + 1)) ||
    names.has(word)
}
