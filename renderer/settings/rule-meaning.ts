import type { Condition, Conditions } from '../../src/score/contract.ts'
import { intentNames } from '../person/intent-words.ts'
import { clockText } from '../ui/clock-text.ts'

const channelWords = {
  email: 'mail',
  sms: 'text',
  whatsapp: 'WhatsApp',
  chat: 'chat',
  call: 'call',
  form: 'form',
} as const
export const fieldWords = {
  name: 'name',
  email: 'e-mail',
  phone: 'phone number',
  company: 'company',
  message: 'message',
  budget: 'budget',
  postcode: 'postcode',
  timeline: 'start date',
  source: 'answer to “How did you hear of us?”',
  title: 'job title',
  website: 'website',
  address: 'address',
  industry: 'industry',
  location: 'place',
} as const
export const trackingWords = {
  utm_source: 'campaign source (utm_source)',
  utm_medium: 'campaign medium (utm_medium)',
  utm_campaign: 'campaign (utm_campaign)',
  utm_term: 'search term (utm_term)',
  utm_content: 'ad (utm_content)',
  gclid: 'Google click',
  fbclid: 'Facebook click',
  msclkid: 'Microsoft click',
  landing_page: 'page they landed on',
  referrer: 'page they came from',
} as const
export const lineWords = {
  mobile: 'mobile',
  landline: 'landline',
  mobile_or_landline: 'mobile or landline',
  voip: 'internet line',
  toll_free: 'toll-free',
  other: 'other line',
} as const
export const urgencyWords = { now: 'right now', soon: 'within days', none: 'not urgent' } as const
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** When a rule counts, in a sentence. */
export function whenWords({ all, any, not }: Conditions): string {
  const parts = [
    ...all.map(conditionWords),
    ...(any.length > 0 ? [any.map(conditionWords).join(' or ')] : []),
    ...not.map((it) => `not: ${conditionWords(it)}`),
  ]
  return capital(parts.join(', and '))
}

/** One condition, to go on after a comma. */
export function conditionWords(condition: Condition): string {
  switch (condition.kind) {
    case 'channel':
      return `came by ${orList(condition.channels.map((it) => channelWords[it]))}`
    case 'text':
      return `says ${some(condition.anyOf)}`
    case 'textAll':
      return `says all of ${condition.allOf.map(quoted).join(' and ')}`
    case 'field':
      return matchWords(`their ${fieldWords[condition.field]}`, condition)
    case 'formField':
      return matchWords(`the answer to ${quoted(condition.label)}`, condition)
    case 'source':
      return matchWords('the source', condition)
    case 'tracking':
      return matchWords(`the ${trackingWords[condition.key]}`, condition)
    case 'budget':
      return `budget of ${condition.atLeast.toLocaleString('en-US')} or more`
    case 'timelineDays':
      return `wants to start within ${condition.atMost} days`
    case 'localPostcode':
      return 'postcode in your area (see Business)'
    case 'postcode':
      return `postcode starts with ${orList(condition.prefixes)}`
    case 'region':
      return `is in ${orList(condition.regions)}`
    case 'country':
      return `number from ${orList(condition.countries)}`
    case 'sender':
      return condition.is === 'company' ? 'we know their company' : 'writes from a free mail address'
    case 'employees':
      return `company of ${condition.atLeast} people or more`
    case 'line':
      return `number is ${orList(condition.types.map((it) => lineWords[it]))}`
    case 'formComplete':
      return 'every field of the form is filled in'
    case 'touches':
      return `came ${condition.atLeast} times or more${condition.withinDays === null ? '' : ` in ${condition.withinDays} days`}`
    case 'replied':
      return 'answered something you wrote'
    case 'missedCall':
      return condition.atLeast === 1
        ? 'a call of theirs was missed'
        : `${condition.atLeast} calls of theirs were missed`
    case 'hours':
      return `came between ${clockText(condition.from)} and ${clockText(condition.to)}${onDays(condition.weekdays)}`
    case 'intent':
      return `the message is: ${orList(condition.intents.map((it) => intentNames[it].toLowerCase()))}`
    case 'urgency':
      return `urgency: ${orList(condition.levels.map((it) => urgencyWords[it]))}`
    case 'robot':
      return 'a machine wrote it (newsletter, automatic answer)'
  }
}

type Match = { readonly how: 'present' | 'missing' | 'is' | 'contains'; readonly values: readonly string[] }

function matchWords(what: string, { how, values }: Match): string {
  if (how === 'present') return `we know ${what}`
  if (how === 'missing') return `we do not know ${what}`
  return `${what} ${how === 'is' ? 'is' : 'contains'} ${some(values)}`
}

const quoted = (word: string) => `“${word}”`
const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
const orList = (list: readonly string[]) => list.join(' or ')
/** A few of many words: the rest is in the editor. */
const some = (list: readonly string[]) =>
  list.slice(0, 4).map(quoted).join(' or ') + (list.length > 4 ? ` or ${list.length - 4} more` : '')
const onDays = (days: readonly number[]) =>
  days.length === 0 ? '' : ` on ${days.map((it) => weekdays[it - 1]).join(', ')}`
