import type { Condition } from '../../src/score/contract.ts'

export type ConditionKind = Condition['kind']

/** What a rule may ask for, in the groups of the menu. */
export const conditionMenu: readonly {
  readonly group: string
  readonly kinds: Readonly<Partial<Record<ConditionKind, string>>>
}[] = [
  {
    group: 'What they do',
    kinds: {
      channel: 'Came by',
      touches: 'Came several times',
      replied: 'Answered you',
      missedCall: 'Missed call of theirs',
      hours: 'Time of day',
    },
  },
  {
    group: 'What they say',
    kinds: {
      text: 'Says one of these words',
      textAll: 'Says all of these words',
      intent: 'What the message is',
      urgency: 'How urgent it is',
      robot: 'Written by a machine',
    },
  },
  {
    group: 'The job',
    kinds: {
      budget: 'Budget',
      timelineDays: 'Start date',
      localPostcode: 'In your area',
      postcode: 'Postcode',
      formComplete: 'Form filled in completely',
      formField: 'Question of your form',
    },
  },
  {
    group: 'Who they are',
    kinds: {
      field: 'What we know of them',
      sender: 'Company or private',
      employees: 'Size of the company',
      region: 'Region',
      country: 'Country',
      line: 'Kind of number',
    },
  },
  { group: 'Where they come from', kinds: { source: 'Source', tracking: 'Campaign or click' } },
]

/** A new condition of a kind, to be filled in. */
export function blankCondition(kind: ConditionKind): Condition {
  switch (kind) {
    case 'channel':
      return { kind, channels: ['call'] }
    case 'text':
      return { kind, anyOf: ['quote'] }
    case 'textAll':
      return { kind, allOf: ['quote'] }
    case 'field':
      return { kind, field: 'phone', how: 'present', values: [] }
    case 'formField':
      return { kind, label: 'Project', how: 'present', values: [] }
    case 'source':
      return { kind, how: 'contains', values: ['Google'] }
    case 'tracking':
      return { kind, key: 'gclid', how: 'present', values: [] }
    case 'budget':
      return { kind, atLeast: 5000 }
    case 'timelineDays':
      return { kind, atMost: 30 }
    case 'postcode':
      return { kind, prefixes: ['94'] }
    case 'region':
      return { kind, regions: ['California'] }
    case 'country':
      return { kind, countries: ['US'] }
    case 'sender':
      return { kind, is: 'company' }
    case 'employees':
      return { kind, atLeast: 10 }
    case 'line':
      return { kind, types: ['mobile'] }
    case 'touches':
      return { kind, atLeast: 2, withinDays: null }
    case 'missedCall':
      return { kind, atLeast: 1 }
    case 'hours':
      return { kind, from: 18 * 60, to: 8 * 60, weekdays: [] }
    case 'intent':
      return { kind, intents: ['quote_request'] }
    case 'urgency':
      return { kind, levels: ['now'] }
    case 'localPostcode':
    case 'formComplete':
    case 'replied':
    case 'robot':
      return { kind }
  }
}
