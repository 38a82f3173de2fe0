import { type Entry, isObject, type Json, type JsonObject, parseJson } from '../read-body.ts'
import { present, textOf } from './json.ts'
import { oneLead, type Provider } from './provider.ts'
import { answer } from './question.ts'

/**
 * Jotform. multipart/form-data with the answers as JSON in `rawRequest`, under names like `q3_name`; the titles of the
 * questions are only in `pretty`. Nothing is signed: the address is the secret.
 * Source: jotform.com/help/245-how-to-setup-a-webhook-with-jotform
 */
export const jotform: Provider = {
  id: 'jotform',
  detect: ({ entries }) => valueFor(entries, 'rawRequest') !== '' && valueFor(entries, 'submissionID') !== '',
  read: ({ entries }) => {
    const raw = parsed(valueFor(entries, 'rawRequest'))
    if (!raw) return null
    const pretty = valueFor(entries, 'pretty')
    const answers = Object.entries(raw).flatMap(([name, value]) => answersOf(name, value, pretty))
    return oneLead({
      key: valueFor(entries, 'submissionID') || null,
      answers,
      detail: present({ form_id: valueFor(entries, 'formID'), form: valueFor(entries, 'formTitle') }),
    })
  },
}

const valueFor = (entries: readonly Entry[], name: string): string =>
  entries.find(({ path }) => path.length === 1 && path[0] === name)?.value.trim() ?? ''

function parsed(text: string): JsonObject | null {
  try {
    return parseJson(new TextEncoder().encode(text))
  } catch {
    return null
  }
}

/** Everything else in the raw request is about their page and not about the person. */
function answersOf(name: string, value: Json, pretty: string): Entry[] {
  const unique = /^q\d+_(.+)$/.exec(name)?.[1]
  if (unique === undefined) return []
  const parts = isObject(value) ? value : null
  const whole = (parts && (phoneOf(parts) ?? dateOf(parts))) ?? textOf(value)
  const isName = parts !== null && ('first' in parts || 'last' in parts)
  const answers = [answer(titleOf(pretty, whole, readable(unique)), whole, isName ? 'name' : null, unique)]
  const postcode = textOf(parts?.postal)
  if (postcode) answers.push(answer('Postcode', postcode, 'postcode'))
  return answers
}

function phoneOf(parts: JsonObject): string | null {
  if (typeof parts.full === 'string') return parts.full
  const { country, area, phone } = parts
  if (phone === undefined) return null
  const rest = [textOf(area), textOf(phone)].filter(Boolean).join(' ')
  return country ? `+${textOf(country).replace(/\D/g, '')} ${rest}` : rest
}

const dateOf = ({ year, month, day }: JsonObject): string | null =>
  year && month && day ? `${textOf(year)}-${textOf(month).padStart(2, '0')}-${textOf(day).padStart(2, '0')}` : null

/** `Name:Ana Lopez, E-mail:ana@example.org`: the title stands before the value, after the last comma. */
function titleOf(pretty: string, value: string, fallback: string): string {
  const from = value ? pretty.indexOf(`:${value}`) : -1
  if (from <= 0) return fallback
  const start = pretty.lastIndexOf(', ', from)
  const title = pretty.slice(start < 0 ? 0 : start + 2, from).trim()
  return title.length > 0 && title.length <= 150 ? title : fallback
}

const readable = (unique: string): string => {
  const words = unique
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .replace(/\d+$/, '')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
