import { hour, minute, second } from '../lib/durations.ts'
import type { Settings } from './contract.ts'
import { defaultScoring } from './default-scoring.ts'

const nine = 9 * 60
const seventeen = 17 * 60
// The guides say 24 hours for the second try: the same time on the next day of work.
const workday = 8 * hour

/** What a new workspace starts with. The numbers are those of the two lead-management guides the product comes from. */
export const defaultSettings: Omit<Settings, 'sample' | 'scoreShown'> = {
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
  scoring: defaultScoring,
  predict: { on: false, cuts: null },
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
