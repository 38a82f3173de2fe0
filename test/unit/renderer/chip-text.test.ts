import { describe, expect, it } from 'vitest'
import { type ChipRow, chipText } from '../../../renderer/inbox/chip-text.ts'
import { dueText, missedWords } from '../../../renderer/inbox/due-text.ts'

const now = Date.UTC(2026, 10, 17, 9, 0, 0)
const minute = 60_000
const place = { locale: 'en-GB', zone: 'UTC' }

const row = (change: Partial<ChipRow> = {}): ChipRow => ({
  name: 'Ana',
  status: 'open',
  snoozedUntil: null,
  direction: 'in',
  channel: 'email',
  missedCall: false,
  tier: 'hot',
  clock: { kind: 'first_contact', startedAt: now - 5 * minute, riskAt: now + 10 * minute, dueAt: now + 20 * minute },
  ...change,
})
const due = (ms: number, riskIn = ms - 1) => ({
  kind: 'first_contact' as const,
  startedAt: now - minute,
  riskAt: now + riskIn,
  dueAt: now + ms,
})

describe('chipText', () => {
  it('counts down in minutes and seconds and says what is owed', () => {
    expect(chipText(row({ clock: due(18 * minute + 40_000) }), now, place)).toMatchObject({
      state: 'ok',
      time: '18:40',
      words: 'to reply',
      label: 'Reply to Ana, 18 minutes left',
    })
  })

  it('asks for a call back after a call and for a call after a form', () => {
    const clock = due(72_000, -1)
    expect(chipText(row({ channel: 'call', missedCall: true, clock }), now, place)).toMatchObject({
      state: 'risk',
      time: '1:12',
      words: 'to call',
      label: 'Call back Ana, 1 minute left',
    })
    expect(chipText(row({ channel: 'form', clock }), now, place).label).toBe('Answer Ana, 1 minute left')
  })

  it('is at risk from the moment of risk on, and late from the deadline on', () => {
    const clock = due(10_000, 5_000)
    expect(chipText(row({ clock }), now + 4_999, place).state).toBe('ok')
    expect(chipText(row({ clock }), now + 5_000, place).state).toBe('risk')
    expect(chipText(row({ clock }), now + 9_999, place).state).toBe('risk')
    expect(chipText(row({ clock }), now + 10_000, place)).toMatchObject({ state: 'late', time: '0:00', words: 'late' })
  })

  it('says how late, also after days', () => {
    expect(chipText(row({ clock: due(-245_000) }), now, place)).toMatchObject({
      time: '4:05',
      words: 'late',
      label: 'Reply to Ana, 4 minutes late',
      left: 0,
    })
    expect(chipText(row({ clock: due(-50 * 60 * minute) }), now, place).time).toBe('2 d 2 h')
  })

  it('asks somebody to take what nobody owns', () => {
    expect(chipText(row({ clock: { ...due(50_000), kind: 'owned' } }), now, place)).toMatchObject({
      words: 'to take',
      label: 'Take Ana, 50 seconds left',
    })
  })

  it('is quiet when nothing is owed, and says why', () => {
    const words = (change: Partial<ChipRow>) => chipText(row({ clock: null, ...change }), now, place).words
    expect(words({ direction: 'out' })).toBe('waiting')
    expect(words({ tier: 'nurture' })).toBe('no hurry')
    expect(words({})).toBe('answered')
    expect(words({ status: 'done' })).toBe('done')
    expect(words({ status: 'not_lead' })).toBe('not a lead')
  })

  it('names the moment a snoozed lead comes back, and forgets it when that is over', () => {
    const snoozedUntil = Date.UTC(2026, 10, 19, 8, 0)
    expect(chipText(row({ snoozedUntil }), now, place)).toMatchObject({ time: 'Thu 08:00', words: 'snoozed' })
    expect(chipText(row({ snoozedUntil: now - 1 }), now, place).words).toBe('to reply')
  })

  it('waits for them after our first try, and asks for the second when it is time', () => {
    const clock = { ...due(10 * minute, 2 * minute), kind: 'second_touch' as const }
    expect(chipText(row({ clock }), now, place)).toMatchObject({
      state: 'quiet',
      words: 'waiting',
      label: 'Waiting for Ana, try again in 10 minutes',
    })
    expect(chipText(row({ clock, direction: 'out' }), now + 130 * minute, place)).toMatchObject({
      state: 'risk',
      time: '',
      words: 'try again',
      label: 'Try again to reach Ana, due 2 hours ago',
    })
    expect(chipText(row({ clock }), now + 2 * minute, place)).toMatchObject({ state: 'risk', words: 'to try again' })
    expect(chipText(row({ clock }), now + 10 * minute, place)).toMatchObject({ state: 'risk', words: 'try again' })
  })

  it('empties the ring as time runs out', () => {
    const clock = { kind: 'first_contact' as const, startedAt: now, riskAt: now + 80_000, dueAt: now + 100_000 }
    expect(chipText(row({ clock }), now, place).left).toBe(1)
    expect(chipText(row({ clock }), now + 75_000, place).left).toBeCloseTo(0.25)
  })
})

describe('dueText', () => {
  const at = (there: string | null, ms = 65 * minute) =>
    dueText(now + ms, now, { here: 'America/Los_Angeles', there, name: 'Ana Lopez' }, 'en-GB')

  it('says until when here, and for them where their clock shows something else', () => {
    expect(at('America/New_York')).toBe('by 2:05 here, 5:05 for Ana')
    expect(at('America/Tijuana')).toBe('by 2:05')
    expect(at(null)).toBe('by 2:05')
    expect(at('Asia/Tokyo', 7 * 60 * minute)).toBe('by 8:00 here, Wed 01:00 for Ana')
  })
})

describe('missedWords', () => {
  const clock = { kind: 'first_contact', state: 'missed', startedAt: now, targetMs: 30 * minute } as const
  it('says by how much a deadline was missed, and of a call that nobody took it', () => {
    const dueAt = now + 30 * minute
    expect(missedWords({ ...clock, dueAt, stoppedAt: now + 50 * minute })).toBe('20:00 late')
    expect(missedWords({ ...clock, dueAt, stoppedAt: null })).toBe('not within 30 min')
    const rang = { ...clock, kind: 'speed_of_answer', targetMs: 20_000, dueAt: now + 20_000 } as const
    expect(missedWords({ ...rang, stoppedAt: now + 45_000 })).toBe('not within 20 s')
  })
})
