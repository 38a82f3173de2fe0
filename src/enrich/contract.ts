import { z } from 'zod'
import { id, mutation, nothing, query, text, time } from '../rpc/method.ts'

const fieldOrigin = z.enum([
  'typed',
  'form',
  'signature',
  'text',
  'card',
  'provider',
  'channel',
  'address',
  'domain',
  'earlier',
])

/** One value that is known of a person, with where it comes from in words. */
const knownField = z.object({
  id,
  field: z.string(),
  label: z.string(),
  value: z.string(),
  /** For reading: "within 30 days", "$18,000". */
  display: z.string(),
  /** As they wrote it, where that says more. */
  words: z.string().nullable(),
  origin: fieldOrigin,
  /** "from their signature", "from Apollo, $0.10", "typed by Dana" */
  from: z.string(),
  at: time,
  /** Whether the window offers to take it out. What somebody typed is changed by typing. */
  revertible: z.boolean(),
})

/** What a provider's answer can be turned into. */
export const providerField = z.enum([
  'name',
  'company',
  'title',
  'website',
  'address',
  'postcode',
  'location',
  'industry',
  'employees',
  'profile',
  'phone',
  'email',
  'line',
])

/** Thousandths of a currency unit: prices of a record start below a cent. */
const mils = z.number().int().min(0).max(10_000_000)

export const providerSettings = z.object({
  method: z.enum(['GET', 'POST']),
  /** With {email}, {domain}, {phone}, {name} and {key} in it; {basic} is the key as HTTP Basic sends "name:password". */
  url: text(1000).min(1),
  headers: z.array(z.object({ name: text(100).min(1), value: text(500) })).max(20),
  /** JSON with the same words in its strings; empty for none. */
  body: text(4000),
  /** Where in the answer our fields are: "person.organization.name", "phones.0.number". */
  answer: z
    .array(z.object({ path: text(200).min(1), field: providerField }))
    .min(1)
    .max(40),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** What one record costs. */
  cost: mils,
  /** Whether an empty answer costs, too. */
  chargesForNothing: z.boolean(),
  perDay: z.number().int().min(1).max(100_000),
  costPerDay: mils,
})

export const provider = z.object({
  id,
  name: z.string(),
  settings: providerSettings,
  state: z.enum(['off', 'on', 'stopped']),
  problem: z.string().nullable(),
  hasKey: z.boolean(),
  today: z.object({ asked: z.number().int(), cost: z.number().int() }),
  queued: z.number().int(),
})

const foundField = z.object({ field: providerField, label: z.string(), value: z.string(), now: z.string().nullable() })

export const enrichContract = {
  /** What is known of a person beyond their row: the best of each field, and numbers and addresses they may have. */
  'enrich.person': query(
    z.object({ personId: id }),
    z.object({
      fields: z.array(knownField),
      /** Numbers and addresses that may be theirs and nobody took or refused yet. */
      offers: z.array(knownField.extend({ kind: z.enum(['email', 'phone']) })),
      lines: z.array(z.object({ value: z.string(), type: z.string() })),
    }),
  ),
  /** Takes one value out; the next best one shows. It does not come back by itself. */
  'enrich.revert': mutation(z.object({ fieldId: id }), nothing),
  /** Takes out everything a provider gave: of one person, or of all. */
  'enrich.revertProvider': mutation(
    z.object({ providerId: id, personId: id.nullable() }),
    z.object({ reverted: z.number().int() }),
  ),
  /** A number or address that was read becomes one of the person's; what came from it before comes along. */
  'enrich.takeOffer': mutation(z.object({ fieldId: id }), z.object({ handleId: id })),
  'enrich.providers': query(z.object({}), z.object({ providers: z.array(provider) })),
  /** Starting points for services that we know how to ask. */
  'enrich.presets': query(
    z.object({}),
    z.object({ presets: z.array(z.object({ name: z.string(), note: z.string(), settings: providerSettings })) }),
  ),
  /** A new one is off until it is switched on. `key` null keeps the stored one. */
  'enrich.saveProvider': mutation(
    z.object({ id: id.nullable(), name: text(100).min(1), settings: providerSettings, key: text(2000).nullable() }),
    z.object({ id }),
  ),
  'enrich.switchProvider': mutation(z.object({ id, on: z.boolean() }), nothing),
  'enrich.removeProvider': mutation(z.object({ id }), nothing),
  /** Asks about one person now, within the day's limits, and writes nothing. */
  'enrich.tryProvider': mutation(
    z.object({ id, personId: id }),
    z.object({
      /** As it was sent; the key is blotted out. */
      request: z.string(),
      /** Null when no answer came. */
      status: z.number().int().nullable(),
      answer: z.string(),
      problem: z.string().nullable(),
      found: z.array(foundField),
      cost: z.number().int(),
    }),
  ),
  /** What it would cost to ask each service that is on about the people of a list, who are asked about only on request. */
  'enrich.importLookups': query(
    z.object({ importId: id }),
    z.object({
      services: z.array(
        z.object({
          providerId: id,
          name: z.string(),
          people: z.number().int(),
          currency: z.string(),
          /** For all of them, at most. */
          cost: z.number().int(),
          perDay: z.number().int(),
          costPerDay: z.number().int(),
        }),
      ),
    }),
  ),
  /** Puts the people of a list on the list of one service; they are asked about within the limits of each day. */
  'enrich.askAboutImport': mutation(z.object({ importId: id, providerId: id }), z.object({ queued: z.number().int() })),
  /** Whether pictures of cards can be read on this computer, and what to do if not. */
  'enrich.cardReader': query(z.object({}), z.object({ ready: z.boolean(), note: z.string() })),
  /** Reads the picture of a business card on this computer. Nothing is stored. */
  'enrich.readCard': query(
    z.object({ bytes: z.instanceof(Uint8Array) }),
    z.object({
      text: z.string(),
      name: z.string().nullable(),
      company: z.string().nullable(),
      title: z.string().nullable(),
      website: z.string().nullable(),
      address: z.string().nullable(),
      phones: z.array(z.object({ value: z.string(), display: z.string(), label: z.string().nullable() })),
      emails: z.array(z.string()),
    }),
  ),
}

export type KnownField = z.infer<typeof knownField>
export type ProviderSettings = z.infer<typeof providerSettings>
export type ProviderField = z.infer<typeof providerField>
export type Provider = z.infer<typeof provider>
