import { displayPhone } from '../lib/handles.ts'
import { type LineType, readToldLine } from '../lib/line-type.ts'
import { readFacts } from '../store/queries/person-facts.ts'
import type { FieldName, FieldRow } from '../store/queries/person-fields.ts'
import { bestOf, fieldRowsQuery } from '../store/queries/person-fields.ts'
import type { ReadStore } from '../store/store.ts'
import type { KnownField } from './contract.ts'

const labels: Readonly<Record<FieldName, string>> = {
  name: 'Name',
  company: 'Company',
  title: 'Title',
  website: 'Website',
  address: 'Address',
  postcode: 'Postcode',
  budget: 'Budget',
  timeline: 'When',
  phone: 'Number',
  email: 'Address',
  fax: 'Fax',
  industry: 'Industry',
  employees: 'Employees',
  location: 'Place',
  profile: 'Profile',
  line: 'Line',
}
export const labelOf = (field: string): string => labels[field as FieldName] ?? field

// In the order in which the card shows them.
const shown: readonly FieldName[] = [
  'name',
  'company',
  'title',
  'budget',
  'timeline',
  'postcode',
  'address',
  'website',
  'location',
  'industry',
  'employees',
  'profile',
  'line',
  'fax',
]

export type KnownOfPerson = {
  readonly fields: KnownField[]
  readonly offers: (KnownField & { kind: 'email' | 'phone' })[]
  readonly lines: { value: string; type: string }[]
}

/** Everything that is known of a person with where it comes from, for the card. */
export async function knownOfPerson(store: ReadStore, personId: number, country: string): Promise<KnownOfPerson> {
  const rows = await fieldRowsQuery(store, personId).execute()
  const names = await namesFor(store, rows)
  const handles = await store.db.selectFrom('handle').select('value').where('person_id', '=', personId).execute()
  const own = new Set(handles.map((it) => it.value))
  const fields = shown.flatMap((field) => {
    const ofField = rows.filter((it) => it.field === field)
    if (field === 'line') return linesOf(ofField, own).map((it) => asKnown(it, names, country))
    const best = bestOf(ofField)
    return best === null || best.value === '' ? [] : [asKnown(best, names, country)]
  })
  const offers = rows
    .filter((it) => isOffer(it) && it.reverted_at === null && !own.has(it.value))
    .map((it) => ({
      ...asKnown(it, names, country),
      kind: it.field === 'phone' ? ('phone' as const) : ('email' as const),
    }))
  const unique = offers.filter((it, at) => offers.findIndex((other) => other.value === it.value) === at)
  const { lines } = await readFacts(store, personId)
  return { fields, offers: unique, lines: lines.map(({ number, type }) => ({ value: number, type: lineWords[type] })) }
}

/** The last word on each of their numbers. */
function linesOf(rows: readonly FieldRow[], own: ReadonlySet<string>): FieldRow[] {
  const last = new Map<string, FieldRow>()
  for (const row of rows.toSorted((a, b) => a.at - b.at)) {
    const number = readToldLine(row.value)?.number
    if (row.reverted_at === null && number !== undefined && own.has(number)) last.set(number, row)
  }
  return [...last.values()]
}

const isOffer = (row: FieldRow) => row.field === 'phone' || row.field === 'email'

export const lineWords: Readonly<Record<LineType, string>> = {
  mobile: 'mobile',
  landline: 'landline',
  mobile_or_landline: 'mobile or landline',
  voip: 'internet phone',
  toll_free: 'toll-free',
  other: 'special number',
}

type Names = {
  readonly members: ReadonlyMap<number, string>
  readonly providers: ReadonlyMap<number, string>
  readonly costs: ReadonlyMap<number, { readonly cost: number; readonly currency: string }>
}

async function namesFor({ db }: ReadStore, rows: readonly FieldRow[]): Promise<Names> {
  const ids = (pick: (row: FieldRow) => number | null) => [
    ...new Set(rows.map(pick).filter((it): it is number => it !== null)),
  ]
  const authors = ids((it) => it.author_id)
  const providerIds = ids((it) => it.provider_id)
  const lookupIds = ids((it) => it.lookup_id)
  const members =
    authors.length === 0
      ? []
      : await db.selectFrom('member').select(['id', 'name']).where('id', 'in', authors).execute()
  const providers =
    providerIds.length === 0
      ? []
      : await db.selectFrom('provider').select(['id', 'name', 'settings']).where('id', 'in', providerIds).execute()
  const lookups =
    lookupIds.length === 0
      ? []
      : await db.selectFrom('lookup').select(['id', 'cost', 'provider_id']).where('id', 'in', lookupIds).execute()
  const currencies = new Map(providers.map((it) => [it.id, (JSON.parse(it.settings) as { currency: string }).currency]))
  return {
    members: new Map(members.map((it) => [it.id, it.name])),
    providers: new Map(providers.map((it) => [it.id, it.name])),
    costs: new Map(lookups.map((it) => [it.id, { cost: it.cost, currency: currencies.get(it.provider_id) ?? 'USD' }])),
  }
}

function asKnown(row: FieldRow, names: Names, country: string): KnownField {
  return {
    id: row.id,
    field: row.field,
    label: labelOf(row.field),
    value: row.value,
    display: displayOf(row, country),
    words: row.field === 'phone' || row.field === 'email' ? (phoneLabels[row.words ?? ''] ?? null) : row.words,
    origin: row.origin,
    from: fromWords(row, names),
    at: row.at,
    // A name always shows; what was there before any book can only be replaced by typing.
    revertible: !['typed', 'channel', 'address', 'domain', 'earlier'].includes(row.origin),
  }
}

const phoneLabels: Readonly<Record<string, string>> = {
  mobile: 'mobile',
  office: 'office',
  direct: 'direct',
  home: 'home',
  toll_free: 'toll-free',
}

function displayOf(row: FieldRow, country: string): string {
  if (row.field === 'phone' || row.field === 'fax') return displayPhone(row.value, country)
  if (row.field === 'line') {
    const told = readToldLine(row.value)
    return told === null ? row.value : `${displayPhone(told.number, country)}: ${lineWords[told.type]}`
  }
  if (row.field === 'budget' || row.field === 'employees') return Number(row.value).toLocaleString('en-US')
  if (row.field === 'timeline') return timelineWords(Number(row.value))
  return row.value
}

const timelineWords = (days: number): string =>
  days === 0 ? 'at once' : days === 1 ? 'within a day' : `within ${days} days`

function fromWords(row: FieldRow, names: Names): string {
  switch (row.origin) {
    case 'typed':
      return `typed by ${names.members.get(row.author_id ?? 0) ?? 'somebody of you'}`
    case 'form':
      return 'from the form they filled in'
    case 'signature':
      return 'from their signature'
    case 'text':
      return 'from what was written'
    case 'card':
      return 'from their business card'
    case 'provider': {
      const spent = names.costs.get(row.lookup_id ?? 0)
      const price = spent ? `, ${priceWords(spent.cost, spent.currency)}` : ''
      return `from ${names.providers.get(row.provider_id ?? 0) ?? 'a service'}${price}`
    }
    case 'channel':
      return 'the name they came with'
    case 'address':
      return 'guessed from their address'
    case 'domain':
      return 'guessed from the domain of their address'
    case 'earlier':
      return 'entered or imported earlier'
  }
}

/** @param mils thousandths of the currency unit */
function priceWords(mils: number, currency: string): string {
  const digits = mils % 10 === 0 ? 2 : 3
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(mils / 1000)
}
