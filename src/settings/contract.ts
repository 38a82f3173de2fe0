import { z } from 'zod'
import { leadStage } from '../convert/contract.ts'
import { channel, tier } from '../inbox/contract.ts'
import { hour, second } from '../lib/durations.ts'
import { id, mutation, query, text, time } from '../rpc/method.ts'
import { scoring, tiers } from '../score/contract.ts'
import { predictSetting } from '../score/learn/contract.ts'

/** Minutes since midnight of the day on which it begins; a closing time after midnight is over 24 hours. */
const opens = z
  .number()
  .int()
  .min(0)
  .max(24 * 60 - 1)
const closes = z
  .number()
  .int()
  .min(1)
  .max(36 * 60)

/** Open intervals per ISO weekday, 1 = Monday; several a day for lunch breaks. */
const openingHours = z
  .array(z.object({ weekday: z.number().int().min(1).max(7), from: opens, to: closes }))
  .max(100)
  .refine((list) => list.every((it) => it.from < it.to), 'Closing time must be after opening time.')

/** A date with hours of its own; without any it is closed. */
const specialDate = z.object({
  date: z.iso.date(),
  name: text(100),
  hours: z
    .array(z.object({ from: opens, to: closes }))
    .max(10)
    .refine((list) => list.every((it) => it.from < it.to), 'Closing time must be after opening time.'),
})

/** Days on which a calendar differs from its week. A date that is listed wins over the feed, the feed over holidays. */
const calendarDays = z.object({
  /** Public holidays: ISO country, state and region as `calendar.places` lists them. */
  holidays: z
    .object({ country: text(4).min(2), state: text(10).min(1).nullable(), region: text(10).min(1).nullable() })
    .nullable(),
  dates: z.array(specialDate).max(1000),
  /** An iCal calendar on the web: what it shows as busy is closed. Read once a day. */
  feed: z
    .url({ protocol: /^(https?|webcal)$/ })
    .max(2000)
    .nullable(),
})

export const business = z.object({
  name: text(200),
  /** IANA zone: the calendar's zone, whatever this computer is set to. */
  zone: text(60).min(1),
  /** ISO 3166 country, to read numbers written without a prefix. */
  country: z.string().regex(/^[A-Z]{2}$/),
  hours: openingHours,
  /** Around the clock: no business hours at all. */
  alwaysOpen: z.boolean(),
  days: calendarDays.default({ holidays: null, dates: [], feed: null }),
  /** Postcode prefixes that count as local in scoring. */
  localPostcodes: z.array(text(20)).max(200),
})

/** Another calendar than that of the business: a second shop, the hours of whoever is on call, a member's shifts. */
export const calendar = z.object({
  id: text(60).min(1),
  name: text(100).min(1),
  zone: text(60).min(1),
  hours: openingHours,
  alwaysOpen: z.boolean(),
  days: calendarDays,
})

/** ms; a live chat is answered within half a minute or not at all. */
const target = z
  .number()
  .int()
  .min(5 * second)
  .max(30 * 24 * hour)

/** The clocks of a tier in ms of business time; `null` is "nobody needs to: automated". */
const targets = z.object({
  ownedMs: target.nullable(),
  firstContactMs: target.nullable(),
  /** From our first try, when they do not answer it. */
  secondTouchMs: target.nullable().default(null),
  nextReplyMs: target.nullable(),
  /** From the first ring of their call until somebody talks to them. */
  answerMs: target.nullable().default(20 * second),
})

export const slaPolicy = z.object({ hot: targets, warm: targets, nurture: targets })

/** Other targets for some of the leads. The first exception that fits decides; what it leaves out is as the tier says. */
const slaException = z.object({
  id: text(60).min(1),
  name: text(100).min(1),
  /** All that are given must hold; empty lists say nothing. */
  when: z.object({
    tiers: z.array(tier).default([]),
    channels: z.array(channel).default([]),
    stages: z.array(leadStage).default([]),
    /** Only what came while the calendar of the business was closed. */
    outsideHours: z.boolean().default(false),
  }),
  targets: z.object({
    ownedMs: target.nullable().optional(),
    firstContactMs: target.nullable().optional(),
    secondTouchMs: target.nullable().optional(),
    nextReplyMs: target.nullable().optional(),
    answerMs: target.nullable().optional(),
  }),
  /** `business`, `always` (around the clock) or the id of a calendar. */
  calendar: text(60).min(1),
})

const words = z.array(text(100).min(1)).max(200).default([])

/** Which leads a rule is for. Every list that is not empty must fit, and one entry of it is enough. */
const routeWhen = z.object({
  tiers: z.array(tier).default([]),
  channels: z.array(channel).default([]),
  sources: words,
  /** Of their phone numbers, ISO 3166. */
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).default([]),
  /** Of their phone numbers, by name: "California", "Germany". */
  regions: words,
  /** What their numbers begin with: national (`415`) or with the country (`+49 30`). */
  areaCodes: words,
  /** What their postcode begins with. */
  postcodes: words,
  /** Said anywhere in what they wrote. */
  words,
})

// Nobody of them: everybody in the team.
const to = z.array(id).max(200)

/** To whom a rule gives a lead. Whoever is not there, or has as much as they can take, is passed over. */
const routeGive = z.discriminatedUnion('how', [
  z.object({ how: z.literal('turn'), to }),
  z.object({ how: z.literal('load'), to }),
  z.object({
    how: z.literal('weights'),
    shares: z
      .array(
        z.object({
          memberId: id,
          weight: z.number().int().min(1).max(100),
          mostPerDay: z.number().int().min(1).max(1000).nullable(),
        }),
      )
      .max(200),
  }),
  z.object({ how: z.literal('skill'), skill: text(60), by: z.enum(['turn', 'load']) }),
  z.object({ how: z.literal('member'), memberId: id }),
  /** Nobody: they are given out by hand. */
  z.object({ how: z.literal('queue') }),
])

const routeRule = z.object({
  id: text(60).min(1),
  name: text(100).min(1),
  when: routeWhen,
  give: routeGive,
})

/** The first rule that fits and has somebody who is there decides. */
export const routing = z.object({
  rules: z.array(routeRule).max(100),
  /** Whoever looked after somebody before gets their next lead. */
  keepOwner: z.boolean(),
  /** An owner who is back within this time keeps the lead. */
  keepOwnerMinutes: z
    .number()
    .int()
    .min(0)
    .max(24 * 60),
})

export const absence = z
  .object({ startsAt: time, endsAt: time, reason: text(100) })
  .refine((it) => it.startsAt < it.endsAt, 'The last day must not be before the first.')

export const member = z.object({
  id,
  name: text(100).min(1),
  email: text(320).nullable(),
  /** Their own phone, rung first when they dial from Deskbell. E.164. */
  mobile: text(40).nullable(),
  onDuty: z.boolean(),
  /** Their working hours: `business`, `always` or the id of a calendar; null: the switch alone decides. */
  calendar: text(60).min(1).nullable(),
  skills: z.array(text(60).min(1)).max(50),
  /** Most open leads at a time; null: no limit. */
  capacity: z.number().int().min(1).max(10_000).nullable(),
  /** Vacations and the like that are not over, in their order. */
  absences: z.array(absence).max(200),
})

const { calendar: itsCalendar, skills, capacity, absences } = member.shape
/** What is left out stays as it is. */
const memberToSave = member.pick({ name: true, email: true, mobile: true, onDuty: true }).extend({
  /** Null for somebody new. */
  id: id.nullable(),
  calendar: itsCalendar.optional(),
  /** Hours of their own: become the calendar `member-ID`, which is theirs then. */
  hours: openingHours.optional(),
  skills: skills.optional(),
  capacity: capacity.optional(),
  absences: absences.optional(),
})

export const undoSeconds = z.union([z.literal(5), z.literal(10), z.literal(20), z.literal(30)])

export const settings = z.object({
  /** False until the first-run choice was made. */
  setUp: z.boolean(),
  sample: z.boolean(),
  business,
  /** Calendars beside that of the business. */
  calendars: z.array(calendar).max(50),
  sla: slaPolicy,
  slaExceptions: z.array(slaException).max(50),
  tiers,
  scoring,
  /** Whether the chance that a model foresees decides the tier. */
  predict: predictSetting,
  /** Whether scores are shown as numbers, and how many leads came in the last seven days. */
  scoreShown: z.object({ number: z.boolean(), leadsLastWeek: z.number().int() }),
  routing,
  undoSeconds,
  notifications: z.boolean(),
  /** Who sits in front of this window. */
  me: id.nullable(),
})

const choice = z.object({ code: z.string(), name: z.string() })

export const settingsContract = {
  'settings.get': query(z.object({}), settings),
  'settings.saveBusiness': mutation(business, z.object({})),
  /** A calendar that is left out is removed: who or what used it gets the calendar of the business. */
  'settings.saveCalendars': mutation(z.object({ calendars: z.array(calendar).max(50) }), z.object({})),
  'settings.saveSla': mutation(
    z.object({ sla: slaPolicy, tiers, exceptions: z.array(slaException).max(50).optional() }),
    z.object({}),
  ),
  /** Whose public holidays can be chosen. */
  'calendar.places': query(
    z.object({ country: text(4).nullable(), state: text(10).nullable() }),
    z.object({ countries: z.array(choice), states: z.array(choice), regions: z.array(choice) }),
  ),
  /** The days of a year on which a calendar, saved or not, differs from its week, and why. */
  'calendar.preview': query(
    z.object({ days: calendarDays, zone: text(60).min(1), year: z.number().int().min(1970).max(2200) }),
    z.object({
      days: z.array(z.object({ date: z.string(), name: z.string(), closed: z.boolean() })),
      /** Why the feed could not be read, in the user's words; null when it was, or there is none. */
      problem: z.string().nullable(),
    }),
  ),
  'settings.savePreferences': mutation(
    z.object({
      undoSeconds: undoSeconds.optional(),
      notifications: z.boolean().optional(),
      me: id.optional(),
      setUp: z.boolean().optional(),
    }),
    z.object({}),
  ),
  'team.list': query(z.object({}), z.object({ members: z.array(member) })),
  /** Whoever goes off duty or on vacation with it leaves no lead unanswered: what others can take is theirs at once. */
  'team.save': mutation(
    memberToSave,
    z.object({
      id,
      /** Unanswered leads of whoever went; null when nobody went, or they had none. */
      left: z
        .object({
          moved: z.number().int(),
          /** What nobody else could take. */
          stayed: z.number().int(),
          /** For `inbox.undo`; null when nothing moved. */
          undoId: id.nullable(),
        })
        .nullable(),
    }),
  ),
  'team.remove': mutation(z.object({ id }), z.object({})),
  /**
   * One file with everything in it, verified by opening it again before the answer comes. A query: it changes nothing
   * here, and nobody's reply has to wait until a large mailbox is copied.
   */
  'store.backup': query(
    z.object({ path: z.string().min(1) }),
    z.object({ bytes: z.number().int(), people: z.number().int(), interactions: z.number().int(), at: time }),
  ),
  /** Looks at a backup without touching what is there. */
  'store.inspectBackup': query(
    z.object({ path: z.string().min(1) }),
    z.object({ people: z.number().int(), interactions: z.number().int(), version: z.number().int(), at: time }),
  ),
  /** Replaces everything by a backup: verified copy, then one rename; the engine restarts on it. What was there is kept beside it. */
  'store.restore': mutation(z.object({ path: z.string().min(1) }), z.object({ keptAs: z.string() })),
}

export type Business = z.infer<typeof business>
export type OpeningHours = z.infer<typeof openingHours>
export type CalendarDays = z.infer<typeof calendarDays>
export type Calendar = z.infer<typeof calendar>
export type SlaException = z.infer<typeof slaException>
export type SlaPolicy = z.infer<typeof slaPolicy>
export type Member = z.infer<typeof member>
export type MemberToSave = z.infer<typeof memberToSave>
export type RouteRule = z.infer<typeof routeRule>
export type Routing = z.infer<typeof routing>
export type Settings = z.infer<typeof settings>
