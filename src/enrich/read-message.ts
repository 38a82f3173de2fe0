import type { FieldName } from '../store/queries/person-fields.ts'
import type { FieldOrigin } from '../store/schema.ts'
import { cutText } from './clean-text.ts'
import { kinship } from './read-names.ts'
import { countriesOf } from './read-phones.ts'
import { postcodeInText } from './read-place.ts'
import { readSignature, type Sender, type Signature } from './read-signature.ts'
import { findBudgetWords, findIntroduction, findOwnEmails, findOwnPhones, findTimelineWords } from './read-words.ts'
import { timelineDays } from './timeline-days.ts'

/** Something they wrote, with what is needed to understand it. */
export type Message = {
  /** Letters end in a signature; texts and the fields of forms do not. */
  readonly kind: 'letter' | 'text'
  readonly text: string
  readonly sender: Sender
  readonly at: number
  /** The business's country, ISO 3166. */
  readonly country: string
  readonly isOurs: (word: string) => boolean
}

export type Finding = {
  readonly field: FieldName
  readonly value: string
  readonly words: string | null
  readonly origin: Extract<FieldOrigin, 'signature' | 'text'>
  readonly confidence: number
}

/** Whole currency units of an amount as people write it: score/read-budget. */
export type ReadBudget = (text: string) => number | null

/** Nobody says who they are and what they want later than here. */
const longestBody = 6_000

/**
 * Everything a message says of its writer: what stands in the signature and what they say of themselves. Rather nothing
 * than something wrong.
 */
export function readMessage(message: Message, readBudget: ReadBudget): Finding[] {
  const { sender, isOurs } = message
  const countries = countriesOf(sender.email, message.country)
  const parts =
    message.kind === 'letter'
      ? cutText(message.text)
      : { body: message.text.split('\n'), signature: null, certain: false }
  const signature = parts.signature && readSignature(parts.signature, { sender, countries, isOurs }, parts.certain)
  const unread = parts.signature !== null && !parts.certain && signature === null ? parts.signature : []
  const body = [...parts.body, ...unread].join('\n').slice(0, longestBody)
  return [
    ...(signature ? ofSignature(signature, message) : []),
    ...ofBody(body, countries, message, readBudget),
  ].filter(unique)
}

function ofSignature(signature: Signature, { sender }: Message): Finding[] {
  const { name, phones, emails } = signature
  const origin = 'signature' as const
  const plain = (['title', 'company', 'website', 'address', 'postcode'] as const).flatMap((field) => {
    const value = signature[field]
    return value === null ? [] : [{ field, value, words: null, origin, confidence: 75 }]
  })
  return [
    ...(name === null
      ? []
      : [{ field: 'name' as const, value: name, words: null, origin, confidence: trustInName(name, sender) }]),
    ...plain,
    ...phones.map(({ number, label }) => ({
      field: label === 'fax' ? ('fax' as const) : ('phone' as const),
      value: number,
      words: label === 'fax' ? null : label,
      origin,
      confidence: 75,
    })),
    ...emails.map((value) => ({ field: 'email' as const, value, words: null, origin, confidence: 75 })),
  ]
}

/** A full name says more than the "Ana" of a mail program, and less than another full one. */
function trustInName(name: string, sender: Sender): number {
  const isLonger = sender.name !== null && !sender.name.trim().includes(' ') && name.includes(' ')
  if (isLonger && kinship(name, sender) === 'same') return 85
  return name.includes(' ') ? 70 : 50
}

function ofBody(body: string, countries: readonly string[], message: Message, readBudget: ReadBudget): Finding[] {
  const origin = 'text' as const
  const found: Finding[] = []
  const add = (field: FieldName, value: string | null, words: string | null, confidence: number) => {
    if (value !== null) found.push({ field, value, words, origin, confidence })
  }
  const name = findIntroduction(body)
  // "This is Linda, Mark's assistant" in Mark's mail.
  const isOther = name !== null && message.kind === 'letter' && kinship(name, message.sender) === 'other'
  if (name !== null && !isOther && !message.isOurs(name.toLowerCase()))
    add('name', name, null, trustInName(name, message.sender))
  const budget = findBudgetWords(body)
  const amount = budget === null ? null : readBudget(budget)
  if (amount !== null && amount > 0) add('budget', String(amount), budget, 70)
  const timeline = findTimelineWords(body)
  const days = timeline === null ? null : timelineDays(timeline, message.at)
  if (days !== null) add('timeline', String(days), timeline, 70)
  add('postcode', postcodeInText(body, countries[0] ?? message.country), null, 70)
  for (const number of findOwnPhones(body, countries)) if (!message.isOurs(number)) add('phone', number, null, 75)
  for (const address of findOwnEmails(body)) {
    if (address !== message.sender.email && !message.isOurs(address)) add('email', address, null, 75)
  }
  return found
}

/** Signature first: a number under the name and in the text is one number. */
const unique = (it: Finding, at: number, all: readonly Finding[]) =>
  all.findIndex((other) => other.field === it.field && (isMany(it.field) ? other.value === it.value : true)) === at

const isMany = (field: FieldName) => field === 'phone' || field === 'email'
