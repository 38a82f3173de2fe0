import type { Meaning } from '../../../vocabulary/field-names.ts'
import type { Entry } from '../read-body.ts'
import { present, timeOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { verifyHeaderSecret } from './signature.ts'

/**
 * Gravity Forms, Webhooks add-on with "all fields": the entry as it is stored, answers under the numbers of their
 * fields ("2", "1.3") and no titles. What they are is told by their parts and their look; the mapping settles the rest.
 * Source: docs.gravityforms.com/entry-object, docs.gravityforms.com/field-object
 */
export const gravity: Provider = {
  id: 'gravity',
  detect: ({ entries }) => {
    const names = new Set(entries.map(nameOf))
    return ['form_id', 'date_created', 'source_url'].every((it) => names.has(it)) && entries.some(isNumbered)
  },
  verify: (post, _body, secret) => verifyHeaderSecret(post, secret),
  read: ({ entries }) => {
    const numbered = entries.filter((it) => isNumbered(it) && it.value.trim() !== '')
    if (numbered.length === 0) return null
    const values = new Map(entries.map((it) => [nameOf(it), it.value.trim()]))
    const entryId = values.get('id')
    return oneLead({
      key: entryId ? `${values.get('form_id') ?? ''}:${entryId}` : null,
      answers: answersOf(numbered),
      // "2026-02-03 18:04:11" is UTC.
      submittedAt: timeOf(`${values.get('date_created') ?? ''}Z`),
      detail: present({ form_id: values.get('form_id') ?? '', page: values.get('source_url') ?? '' }),
    })
  },
}

const nameOf = ({ path }: Entry): string => path.join('.')
const isNumbered = (it: Entry): boolean => /^\d+(\.\d+)?$/.test(nameOf(it))

function answersOf(numbered: readonly Entry[]): Entry[] {
  const values = new Map(numbered.map((it) => [nameOf(it), it.value.trim()]))
  return numbered.map((it) => {
    const number = nameOf(it)
    const told = partOf(number, values) ?? lookOf(it.value.trim())
    const label = `${told?.label ?? 'Field'} (${number})`
    return { path: [number], label, value: it.value, ...(told?.meaning && { meaning: told.meaning }) }
  })
}

type Told = { readonly label: string; readonly meaning: Meaning | null }

/** Inputs .3 and .6 are first and last name, unless there is a street (.1) or postcode (.5): then it is an address. */
function partOf(number: string, values: ReadonlyMap<string, string>): Told | null {
  const [field, input] = number.split('.')
  if (input === undefined) return null
  const isAddress = values.has(`${field}.1`) || values.has(`${field}.5`)
  if (isAddress) return addressParts[input] ?? null
  return nameParts[input] ?? null
}

const nameParts: Readonly<Record<string, Told>> = {
  '2': { label: 'Title', meaning: null },
  '3': { label: 'First name', meaning: 'firstName' },
  '4': { label: 'Middle name', meaning: null },
  '6': { label: 'Last name', meaning: 'lastName' },
  '8': { label: 'Suffix', meaning: null },
}
const addressParts: Readonly<Record<string, Told>> = {
  '1': { label: 'Street', meaning: null },
  '2': { label: 'Address line 2', meaning: null },
  '3': { label: 'City', meaning: null },
  '4': { label: 'State', meaning: null },
  '5': { label: 'Postcode', meaning: 'postcode' },
  '6': { label: 'Country', meaning: null },
}

function lookOf(value: string): Told | null {
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return { label: 'E-mail', meaning: 'email' }
  const digits = value.replace(/\D/g, '').length
  if (/^\+?[\d\s().-]+$/.test(value) && digits >= 9 && digits <= 15) return { label: 'Phone', meaning: 'phone' }
  // A text of several words is what they wrote; a choice is shorter.
  if (value.length >= 40 && value.split(/\s+/).length >= 6) return { label: 'Message', meaning: 'message' }
  return null
}
