import type { Reason } from '../predict/reasons.ts'
import { answerPrefix } from './known-then.ts'

const columnNames: Readonly<Record<string, string>> = {
  channel: 'How they came',
  channels: 'On how many channels they came',
  source: 'Where they come from',
  campaign: 'The campaign',
  medium: 'The kind of campaign',
  'from an ad': 'Whether they came from an ad',
  hour: 'The time of day',
  weekday: 'The day of the week',
  'fields filled in': 'How much they filled in',
  'form complete': 'Whether the form is complete',
  budget: 'Their budget',
  'days to start': 'How soon they want to start',
  'postcode area': 'Where they live',
  'in our area': 'Whether they are in your area',
  region: 'Their region',
  messages: 'How often they wrote or called',
  words: 'How much they wrote',
  'missed calls': 'Calls that nobody took',
  'phone known': 'Whether they gave a phone number',
  line: 'Their kind of phone',
  wants: 'What they want',
  urgency: 'How urgent it is',
  sender: 'Whether they write from a company',
  employees: 'The size of their company',
}

/** A column as the review page names it. */
export const columnWords = (column: string): string =>
  column.startsWith(answerPrefix)
    ? `Their answer to “${column.slice(answerPrefix.length)}”`
    : (columnNames[column] ?? column)

const channels: Readonly<Record<string, string>> = {
  email: 'wrote a mail',
  sms: 'sent a text',
  whatsapp: 'wrote on WhatsApp',
  chat: 'came through the chat',
  call: 'called',
  form: 'filled in a form',
}
const lines: Readonly<Record<string, string>> = {
  mobile: 'has a mobile',
  landline: 'has a landline',
  mobile_or_landline: 'has an ordinary number',
  voip: 'has an internet number',
  toll_free: 'has a toll-free number',
}

/** A reason as a person would say it: "asked by phone", "outside your area". Never empty. */
export function reasonWords({ column, value }: Reason): string {
  const text = String(value)
  if (value === null) return `${lowerFirst(columnWords(column))}: not known`
  if (column.startsWith(answerPrefix)) return `“${column.slice(answerPrefix.length)}”: ${text}`
  switch (column) {
    case 'channel':
      return channels[text] ?? `came by ${text}`
    case 'channels':
      return value === 1 ? 'came on one channel' : `came on ${text} channels`
    case 'source':
      return `comes from ${text}`
    case 'campaign':
      return `campaign ${text}`
    case 'medium':
      return `came by ${text}`
    case 'from an ad':
      return value === true ? 'clicked an ad' : 'did not come from an ad'
    case 'hour':
      return `came between ${text}:00 and ${(Number(value) + 1) % 24}:00`
    case 'weekday':
      return `came on a ${text}`
    case 'fields filled in':
      return `filled in ${text} ${value === 1 ? 'field' : 'fields'}`
    case 'form complete':
      return value === true ? 'filled in the whole form' : 'left the form incomplete'
    case 'budget':
      return `budget of ${new Intl.NumberFormat('en').format(Number(value))}`
    case 'days to start':
      return value === 0 ? 'wants to start at once' : `wants to start within ${text} days`
    case 'postcode area':
      return `postcode ${text.toUpperCase()}…`
    case 'in our area':
      return value === true ? 'in your area' : 'outside your area'
    case 'region':
      return `from ${text.replace(/\b\p{L}/gu, (letter) => letter.toUpperCase())}`
    case 'messages':
      return value === 1 ? 'came once' : `came ${text} times`
    case 'words':
      return value === 0 ? 'wrote nothing' : `wrote ${text} words`
    case 'missed calls':
      return value === 0 ? 'no missed call' : value === 1 ? 'a call nobody took' : `${text} calls nobody took`
    case 'phone known':
      return value === true ? 'gave a phone number' : 'gave no phone number'
    case 'line':
      return lines[text] ?? 'has another kind of number'
    case 'wants':
      return `wants: ${text.replaceAll('_', ' ')}`
    case 'urgency':
      return value === 'now' ? 'needs it now' : 'needs it soon'
    case 'sender':
      return value === 'company' ? 'writes from a company' : 'writes from free mail'
    case 'employees':
      return `company of ${text}`
    default:
      return `${column}: ${text}`
  }
}

const lowerFirst = (it: string) => it.charAt(0).toLowerCase() + it.slice(1)
