import { sql } from 'kysely'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import type { ChannelKind, Tier } from '../inbox/contract.ts'
import type { RouteRule } from '../settings/contract.ts'
import { keptQuery } from '../store/queries/kept-query.ts'
import { bestOf, fieldRows } from '../store/queries/person-fields.ts'
import type { ReadStore } from '../store/store.ts'
import type { RouteFacts, RouteNumber } from './match-rule.ts'

// A pasted contract says nothing that its first pages do not; the same bounds as scoring has.
const longestText = 20_000
const latest = 100

export type LeadToRoute = {
  readonly id: number
  readonly personId: number
  readonly tier: Tier
  readonly source: string
}

/**
 * What the rules may ask about a lead, from what came in. Only what one of them asks is read: most workspaces have a
 * single rule that asks nothing.
 */
export async function readRouteFacts(
  store: ReadStore,
  { id, personId, tier, source }: LeadToRoute,
  rules: readonly RouteRule[],
): Promise<RouteFacts> {
  const asks = (field: keyof RouteRule['when']) => rules.some((it) => it.when[field].length > 0)
  const arrivals =
    asks('channels') || asks('words') || asks('postcodes') ? await readArrivals(store, { leadId: id }) : []
  const touches = asks('sources') ? await readSources(store, { leadId: id }) : []
  const handles = asks('countries') || asks('areaCodes') ? await readNumbers(store, { personId }) : []
  const regions = asks('regions') ? await readRegion(store, { personId }) : []
  return {
    tier,
    channels: [...new Set(arrivals.map((it) => it.channel))],
    sources: [...new Set([source, ...touches.map((it) => it.source)])],
    numbers: handles.map((it) => routeNumber(it.value)),
    regions: regions.flatMap((it) => it.region || []),
    postcodes: asks('postcodes') ? await readPostcodes(store, personId, arrivals) : [],
    text: arrivals.map((it) => `${it.subject}\n${it.text}`.slice(0, longestText)).join('\n'),
  }
}

/** A number as rules look at it. @param e164 anything else has no country */
export function routeNumber(e164: string): RouteNumber {
  const parsed = parsePhoneNumberFromString(e164)
  return { e164, national: parsed?.nationalNumber ?? e164.replace(/\D/g, ''), country: parsed?.country ?? null }
}

type Arrival = {
  readonly channel: ChannelKind
  readonly subject: string
  readonly text: string
  readonly known: string | null
}

type OfLead = { leadId: number }
type OfPerson = { personId: number }

const readArrivals = keptQuery<OfLead, Arrival>((db, value) =>
  db
    .selectFrom('interaction')
    .leftJoin('form_submission', 'form_submission.interaction_id', 'interaction.id')
    .select(['channel', 'subject', 'text', 'form_submission.known'])
    .where('lead_id', '=', value('leadId'))
    .where('direction', '=', 'in')
    .orderBy('at', 'desc')
    .limit(latest),
)

const readSources = keptQuery<OfLead, { readonly source: string }>((db, value) =>
  db
    .selectFrom('source_touch')
    .select('source')
    // Written out, so that SQLite takes its partial index.
    .where(sql<boolean>`lead_id is not null`)
    .where('lead_id', '=', value('leadId')),
)

const readNumbers = keptQuery<OfPerson, { readonly value: string }>((db, value) =>
  db.selectFrom('handle').select('value').where('person_id', '=', value('personId')).where('kind', '=', 'phone'),
)

const readRegion = keptQuery<OfPerson, { readonly region: string | null }>((db, value) =>
  db.selectFrom('person').select('region').where('id', '=', value('personId')),
)

/** What this lead's forms say before what is known of the person: they may move. */
async function readPostcodes(store: ReadStore, personId: number, arrivals: readonly Arrival[]): Promise<string[]> {
  const fromForms = arrivals.flatMap((it) => (it.known === null ? [] : (postcodeIn(it.known) ?? [])))
  if (fromForms.length > 0) return fromForms.slice(0, 1)
  const best = bestOf((await fieldRows(store, { personId })).filter((it) => it.field === 'postcode'))
  return best?.value ? [best.value] : []
}

function postcodeIn(known: string): string | null {
  const { postcode } = JSON.parse(known) as { readonly postcode?: string }
  return postcode?.trim() ? postcode : null
}
