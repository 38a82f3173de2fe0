import { hour, minute, second } from '../lib/durations.ts'
import type { Settings } from './contract.ts'

const nine = 9 * 60
const seventeen = 17 * 60
// The guides say 24 hours for the second try: the same time on the next day of work.
const workday = 8 * hour

/** What a new workspace starts with. The numbers are those of the two lead-management guides the product comes from. */
export const defaultSettings: Omit<Settings, 'sample'> = {
  setUp: false,
  business: {
    name: '',
    zone: 'UTC',
    country: 'US',
    hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: nine, to: seventeen })),
    alwaysOpen: false,
    days: { holidays: null, dates: [], feed: null },
    localPostcodes: [],
  },
  calendars: [],
  sla: {
    hot: {
      ownedMs: minute,
      firstContactMs: 5 * minute,
      secondTouchMs: workday,
      nextReplyMs: 15 * minute,
      answerMs: 20 * second,
    },
    warm: {
      ownedMs: 15 * minute,
      firstContactMs: 30 * minute,
      secondTouchMs: workday,
      nextReplyMs: 60 * minute,
      answerMs: 20 * second,
    },
    nurture: { ownedMs: null, firstContactMs: null, secondTouchMs: null, nextReplyMs: null, answerMs: 20 * second },
  },
  slaExceptions: [
    {
      id: 'chat',
      name: 'Live chat',
      when: { tiers: [], channels: ['chat'], stages: [], outsideHours: false },
      targets: { ownedMs: 30 * second, firstContactMs: 30 * second, nextReplyMs: minute },
      calendar: 'business',
    },
  ],
  tiers: { hotFrom: 60, warmFrom: 30 },
  // Weights after the guides' examples: a caller or somebody with a budget, a date and a local postcode is worth the
  // next five minutes; a bare question is warm; what no human wrote is neither.
  scoreRules: [
    { id: 'called', label: 'Called you', points: 40, when: { kind: 'channel', channels: ['call'] } },
    { id: 'texted', label: 'Texted you', points: 30, when: { kind: 'channel', channels: ['sms', 'whatsapp'] } },
    { id: 'form', label: 'Filled in a form', points: 20, when: { kind: 'channel', channels: ['form'] } },
    { id: 'wrote', label: 'Wrote to you', points: 20, when: { kind: 'channel', channels: ['email'] } },
    { id: 'budget', label: 'Budget over 5,000', points: 30, when: { kind: 'budget', atLeast: 5000 } },
    { id: 'local', label: 'Postcode in your area', points: 20, when: { kind: 'localPostcode' } },
    { id: 'complete', label: 'Form filled in completely', points: 20, when: { kind: 'formComplete' } },
    { id: 'soon', label: 'Wants to start within 30 days', points: 15, when: { kind: 'timelineDays', atMost: 30 } },
    {
      id: 'buying-words',
      label: 'Asks for a price or a date',
      points: 15,
      when: {
        kind: 'text',
        anyOf: [
          'quote',
          'estimate',
          'price',
          'cost',
          'how much',
          'appointment',
          'book',
          'available',
          'availability',
          'schedule',
        ],
      },
    },
    {
      id: 'urgent-words',
      label: 'Says it is urgent',
      points: 20,
      when: {
        kind: 'text',
        anyOf: ['urgent', 'asap', 'as soon as possible', 'emergency', 'today', 'right away', 'leaking'],
      },
    },
    { id: 'phone', label: 'Left a phone number', points: 10, when: { kind: 'field', field: 'phone' } },
    { id: 'again', label: 'Came back more than once', points: 10, when: { kind: 'touches', atLeast: 2 } },
    { id: 'robot', label: 'Written by a machine', points: -60, when: { kind: 'robot' } },
  ],
  routing: {
    rules: [
      {
        id: 'everybody',
        name: 'Everybody in turn',
        when: {
          tiers: [],
          channels: [],
          sources: [],
          countries: [],
          regions: [],
          areaCodes: [],
          postcodes: [],
          words: [],
        },
        give: { how: 'turn', to: [] },
      },
    ],
    keepOwner: true,
    keepOwnerMinutes: 15,
  },
  undoSeconds: 10,
  notifications: true,
  me: null,
}
