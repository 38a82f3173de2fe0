import type { Account } from '../../src/channels/contract.ts'
import type { InboxRow } from '../../src/inbox/contract.ts'
import type { CardHandle, PersonCard, TimelineEntry } from '../../src/people/contract.ts'
import type { LedgerEntry } from '../../src/score/contract.ts'
import type { Member, Settings } from '../../src/settings/contract.ts'
import { defaultSettings } from '../../src/settings/defaults.ts'
import { accounts } from './window-accounts.ts'
import { labelsFor } from './window-labels.ts'
import { timelineOf } from './window-timelines.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Everything the window can show, in memory. */
export type World = {
  rows: InboxRow[]
  cards: Map<number, PersonCard>
  timelines: Map<number, TimelineEntry[]>
  settings: Settings
  members: Member[]
  accounts: Account[]
}

export type Scenario = 'sample' | 'ugly' | 'empty' | 'first'

type Someone = {
  readonly name: string
  readonly company?: string
  readonly preview: string
  readonly channel: InboxRow['channel']
  readonly direction?: InboxRow['direction']
  readonly score: number
  readonly source: string
  readonly owner: number | null
  readonly missed?: boolean
  readonly snoozed?: number
  readonly outbox?: InboxRow['outbox']
  /** Minutes since the clock began and until it ends. */
  readonly clock?: readonly [number, number]
}

const noLimits = { calendar: null, skills: [], capacity: null, absences: [] }
const members: Member[] = [
  {
    id: 1,
    name: 'Dana Whitfield',
    email: 'dana@brightwater.example',
    mobile: '+14155550142',
    onDuty: true,
    ...noLimits,
  },
  { id: 2, name: 'Sam Okafor', email: null, mobile: '+14155550143', onDuty: true, ...noLimits },
  { id: 3, name: 'Ines Duarte', email: null, mobile: null, onDuty: false, ...noLimits },
]

const sample: readonly Someone[] = [
  {
    name: 'Marcus Weber',
    preview: 'Quote request: roof inspection after hail, insurance asks for photos',
    channel: 'form',
    score: 71,
    source: 'Website',
    owner: null,
    clock: [9.1, -4.1],
  },
  {
    name: 'Ana Lopez',
    preview: 'Missed call · voicemail 0:04 · “kitchen remodel, this month if you can”',
    channel: 'call',
    missed: true,
    score: 84,
    source: 'Google Ads',
    owner: 1,
    clock: [3.8, 1.2],
  },
  {
    name: 'Priya Patel',
    preview: 'Re: Quote for two-bedroom move. Do you also take the piano?',
    channel: 'email',
    score: 52,
    source: 'Referral',
    owner: 2,
    clock: [11.3, 18.7],
  },
  {
    name: 'Jo Baker',
    company: 'Kestrel Moves',
    preview: 'We could do Thursday after 3, does that work for you?',
    channel: 'sms',
    score: 47,
    source: 'SMS',
    owner: 1,
    clock: [3.9, 26.1],
  },
  {
    name: 'Elif Haddad',
    preview: 'Photo · this is the boiler, model is on the plate',
    channel: 'whatsapp',
    score: 44,
    source: 'WhatsApp',
    owner: 2,
    clock: [40, 80],
    outbox: 'failed',
  },
  {
    name: 'Tom Fischer',
    preview: 'Back from holidays next week, let’s talk then',
    channel: 'email',
    score: 38,
    source: 'Website',
    owner: 1,
    snoozed: 2,
  },
  {
    name: 'Oak & Ash Studio',
    preview: 'The brochure and three references, as promised',
    channel: 'email',
    direction: 'out',
    score: 33,
    source: 'Partner',
    owner: 2,
  },
  {
    name: 'Nadia Novak',
    preview: 'Just looking for now, thank you!',
    channel: 'form',
    score: 18,
    source: 'Facebook',
    owner: null,
  },
]

const ugly: readonly Someone[] = [
  {
    name: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu Hohenzollern-Sigma',
    company: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    preview: 'x'.repeat(300),
    channel: 'email',
    score: 100,
    source: 'A very long campaign name that somebody typed into the advertising console in 2019',
    owner: 1,
    clock: [9000, -12345],
  },
  {
    name: 'محمد عبد الرحمن الخطيب',
    preview: 'مرحبا، أريد عرض سعر لتجديد المطبخ هذا الشهر من فضلكم',
    channel: 'sms',
    score: 66,
    source: 'واتساب',
    owner: 2,
    clock: [4.5, -4000],
  },
  {
    name: 'דנה לוי',
    preview: 'שלום, אפשר לקבל הצעת מחיר?',
    channel: 'email',
    score: 61,
    source: 'Website',
    owner: null,
    clock: [1, -70],
  },
  {
    name: '+1 415 555 0199',
    preview: 'Missed call',
    channel: 'call',
    missed: true,
    score: 40,
    source: 'Phone',
    owner: null,
    clock: [50, -1500],
  },
  {
    name: '😀 Emoji 👩‍👩‍👧‍👦 Family',
    preview: '🎉🎉🎉 <b>not bold</b> <script>alert(1)</script>',
    channel: 'sms',
    score: 0,
    source: 'SMS',
    owner: 1,
    clock: [30, 2000],
    outbox: 'sending',
  },
  {
    name: '张伟',
    preview: '请问厨房装修多少钱？',
    channel: 'whatsapp',
    score: 55,
    source: 'WhatsApp',
    owner: 3,
    clock: [4, 1],
  },
]

/** @param now ms UTC, so that clocks tick from the moment the page opens */
export function makeWorld(scenario: Scenario, now: number): World {
  const people = scenario === 'sample' ? sample : scenario === 'ugly' ? [...ugly, ...crowd()] : []
  const world: World = {
    rows: people.map((it, index) => rowOf(it, index + 1, now)),
    cards: new Map(),
    timelines: new Map(),
    members: scenario === 'first' ? [] : [...members],
    accounts: scenario === 'sample' || scenario === 'ugly' ? accounts(now) : [],
    settings: {
      ...defaultSettings,
      setUp: scenario !== 'first',
      sample: scenario === 'sample',
      me: scenario === 'first' ? null : 1,
      scoreShown: { number: scenario !== 'ugly', leadsLastWeek: people.length },
      business: { ...defaultSettings.business, name: scenario === 'first' ? '' : 'Brightwater Kitchens' },
    },
  }
  for (const row of world.rows) {
    world.cards.set(row.personId, cardOf(row, now))
    world.timelines.set(row.personId, timelineOf(row, now, scenario))
  }
  return world
}

const crowd = (): readonly Someone[] =>
  Array.from({ length: 200 }, (_, index) => ({
    name: `Late Person ${index + 1}`,
    preview: `Message number ${index + 1}, still waiting for an answer`,
    channel: (['email', 'sms', 'call', 'form'] as const)[index % 4] ?? 'email',
    missed: index % 4 === 2,
    score: (index * 37) % 101,
    source: 'Website',
    owner: index % 3 === 0 ? null : 1,
    clock: [30, -index - 1] as const,
  }))

function rowOf(it: Someone, id: number, now: number): InboxRow {
  const owner = members.find((member) => member.id === it.owner)
  const clock = it.clock
  const startedAt = clock ? now - clock[0] * minute : 0
  const dueAt = clock ? now + clock[1] * minute : 0
  return {
    leadId: 1000 + id,
    personId: id,
    name: it.name,
    company: it.company ?? null,
    status: 'open',
    score: it.score,
    tier: it.score >= 60 ? 'hot' : it.score >= 30 ? 'warm' : 'nurture',
    grade: it.score >= 80 ? 'A1' : it.score >= 45 ? 'B2' : 'C3',
    qualification: null,
    source: it.source,
    owner: owner ? { id: owner.id, name: owner.name } : null,
    preview: it.preview,
    channel: it.channel,
    direction: it.direction ?? 'in',
    missedCall: it.missed ?? false,
    lastAt: now - 4 * minute - id * minute,
    clock: clock
      ? {
          kind: clock[1] > 15 ? 'next_reply' : 'first_contact',
          startedAt,
          dueAt,
          riskAt: startedAt + (dueAt - startedAt) * 0.7,
        }
      : null,
    snoozedUntil: it.snoozed ? now + it.snoozed * day : null,
    labels: labelsFor(id),
    taskDueAt: null,
    outbox: it.outbox ?? 'idle',
  }
}

/** Some have landlines: by the numbering plan, and by who knows. */
const lines: Readonly<Record<string, CardHandle['line']>> = {
  'Tom Fischer': { kind: 'landline', told: false },
  'Oak & Ash Studio': { kind: 'landline', told: true },
}

/** An address or number of which nobody said anything. */
export const unmarked = {
  optedOutAt: null,
  optOut: null,
  wrong: null,
  first: false,
  blocked: null,
  line: null,
} as const satisfies Partial<CardHandle>

function cardOf(row: InboxRow, now: number): PersonCard {
  const slug =
    row.name
      .toLowerCase()
      .replace(/[^a-z]+/g, '.')
      .replace(/^\.|\.$/g, '') || 'someone'
  const handles: CardHandle[] = [
    {
      id: row.personId * 10 + 1,
      kind: 'phone',
      value: `+1415555${String(100 + row.personId).padStart(4, '0')}`,
      display: `(415) 555-${String(100 + row.personId).padStart(4, '0')}`,
      label: 'mobile',
      valid: true,
      consent: 'implied',
      ...unmarked,
      line: lines[row.name] ?? { kind: 'mobile_or_landline', told: false },
      ...(row.name === 'Nadia Novak' && { optedOutAt: now - 3 * day, optOut: { how: 'stop', by: null } }),
    },
    {
      id: row.personId * 10 + 2,
      kind: 'email',
      value: `${slug.slice(0, 60)}@example.com`,
      display: `${slug.slice(0, 60)}@example.com`,
      label: null,
      valid: true,
      consent: 'implied',
      ...unmarked,
    },
    ...(row.personId === 2
      ? [
          {
            id: 23,
            kind: 'phone' as const,
            value: '+14155550999',
            display: '(415) 555-0999',
            label: 'work',
            valid: false,
            consent: 'implied' as const,
            ...unmarked,
            wrong: { at: now - 2 * day, by: 'Dana' },
          },
        ]
      : []),
  ]
  return {
    personId: row.personId,
    name: row.name,
    company: row.company,
    title: null,
    region: 'San Francisco, CA',
    zone: 'America/Los_Angeles',
    handles,
    chat: null,
    createdAt: now - 20 * day,
    merges: [],
    firstTouch: { at: now - 20 * day, source: row.source, detail: { utm_source: 'google', utm_campaign: 'kitchens' } },
    lastTouch: { at: row.lastAt, source: row.source, detail: {} },
    lead: {
      row,
      tier: row.tier,
      stage: 'new',
      ledger: [
        entry('called', 38, 'Called you', { raw: 40, axis: 'engagement', at: row.lastAt }),
        entry('texted', 28, 'Texted you', { raw: 30, axis: 'engagement', at: row.lastAt }),
        entry('#group:contact', -21, 'Capped at 45 (How they came)', { kind: 'limit', axis: 'engagement' }),
        entry('budget', 30, 'Budget of 5,000 or more'),
        entry('local', 20, 'Postcode in your area'),
        entry('others', -11, 'Asked two other firms'),
      ],
      ownerReason: row.owner ? `Next in turn of the two people on duty: ${row.owner.name}` : null,
      source: row.source,
      sourceDetail: { utm_source: 'google', utm_campaign: 'kitchens' },
      clocks: [
        {
          kind: 'owned',
          startedAt: now - 5 * minute,
          targetMs: minute,
          dueAt: now - 4 * minute,
          state: 'met',
          stoppedAt: now - 5 * minute + 20_000,
        },
        ...(row.clock
          ? [
              {
                kind: row.clock.kind,
                startedAt: row.clock.startedAt,
                targetMs: 5 * minute,
                dueAt: row.clock.dueAt,
                state: 'running' as const,
                stoppedAt: null,
              },
            ]
          : []),
      ],
      running: row.clock,
      openedAt: now - 30 * minute,
      nextStep: 'Call back, now',
    },
  }
}

const entry = (rule: string, points: number, reason: string, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  rule,
  points,
  reason,
  kind: 'rule',
  raw: points,
  axis: 'fit',
  at: null,
  ...more,
})
