import { describe, expect, test } from 'vitest'
import { prepareText } from '../../../../src/score/text/prepare-text.ts'
import { readJobSize } from '../../../../src/score/text/read-job-size.ts'
import { readUrgency } from '../../../../src/score/text/read-urgency.ts'
import { processorTime } from '../../../fakes/processor-time.ts'

const at = Date.UTC(2026, 2, 3, 12)
const ask = (text: string, more: { intent?: 'booking' | 'spam' | 'question' | 'complaint'; timeline?: string } = {}) =>
  readUrgency(text, { intent: more.intent ?? 'booking', timeline: more.timeline ?? null, at })

describe('urgency', () => {
  test.each([
    ['We have a burst pipe in the basement', 'burst pipe'],
    ['no heat since last night, newborn in the house', 'no heat'],
    ['locked out of my flat', 'locked out'],
    ['please come ASAP', 'asap'],
    ['There is a gas smell in the hall', 'gas smell'],
    ['Wir haben einen Rohrbruch!', 'rohrbruch'],
    ['Es urgente, por favor', 'urgente'],
    ['can you get someone to come out today', 'come out today'],
  ])('%s is now, because of “%s”', (text, reason) => expect(ask(text)).toEqual({ urgency: 'now', reason }))

  test.each(['sometime tomorrow would be great', 'what is your earliest slot', 'it must be done before Friday'])(
    '%s is soon',
    (text) => expect(ask(text).urgency).toBe('soon'),
  )

  test.each(['No rush, but as soon as possible would be nice', 'how much is a new roof', 'nothing urgent'])(
    '%s can wait',
    (text) => expect(ask(text)).toEqual({ urgency: 'none', reason: '' }),
  )

  test('who sells or cheats is not urgent, whatever it says', () => {
    expect(ask('URGENT: verify your account immediately', { intent: 'spam' }).urgency).toBe('none')
  })
  test('a complaint is never less than soon', () => {
    expect(ask('your painter was rude', { intent: 'complaint' })).toEqual({ urgency: 'soon', reason: 'complaint' })
  })
  test('what they answered to "when?" counts', () => {
    expect(ask('I need a fence', { timeline: 'ASAP' })).toEqual({ urgency: 'now', reason: 'ASAP' })
    expect(ask('I need a fence', { timeline: 'this week' }).urgency).toBe('soon')
    expect(ask('I need a fence', { timeline: 'in 3 months' }).urgency).toBe('none')
  })
})

describe('job size', () => {
  test.each([
    ['moving a 3 bedroom apartment', '3 bedroom'],
    ['about 1,200 sq ft front yard', '1,200 sq ft'],
    ['dinner for 12 people', '12 people'],
    ['need movers 2br apt', '2 br'],
    ['Bad ca. 8 qm', '8 qm'],
    ['14 windows, house is 2,100 square feet', '2,100 square feet, 14 windows'],
    ['60 feet of cedar', '60 feet'],
    ['environ 40 m3', '40 m3'],
  ])('%s: %s', (text, size) => expect(readJobSize(text)).toBe(size))

  test.each(['my number is 415 555 0187', 'budget 18,000', 'I live at 12 Main Street', 'call me at 3', '$500 car', ''])(
    '%s names none',
    (text) => expect(readJobSize(text)).toBeNull(),
  )
})

describe('the words that are read', () => {
  test('subject and text, without quotes, signature and the insides of links', () => {
    const text = 'Can you fix it? See https://x.example/a?b=1\n\n> what you wrote\n\nKind regards,\nAna\nAcme Ltd'
    expect(prepareText({ subject: 'Leaking tap', text })).toBe('Leaking tap. Can you fix it? See link')
  })
  test('a subject that answers ours is not theirs', () => {
    expect(prepareText({ subject: 'Re: Your quote', text: 'Yes please' })).toBe('Yes please')
  })
  test('a mail that is only a farewell keeps it', () => {
    expect(prepareText({ subject: '', text: 'Thanks' })).toBe('Thanks')
  })
  test('two hundred words at most, and words of a bearable length', () => {
    const words = prepareText({ subject: '', text: `${'x'.repeat(5000)} ${'word '.repeat(5000)}` }).split(' ')
    expect(words).toHaveLength(200)
    expect(words[0]).toHaveLength(40)
  })
})

describe('text made to keep a pattern busy holds nobody up', () => {
  const endless = ['1 '.repeat(20_000), 'can '.repeat(10_000), `${'a'.repeat(50_000)}@`, 'http://'.repeat(8000)]
  test.each(endless)('%#', async (text) => {
    const spent = await processorTime(() => {
      const words = prepareText({ subject: text, text })
      readJobSize(words)
      ask(words)
    })
    expect(spent).toBeLessThan(5000)
  })
})
