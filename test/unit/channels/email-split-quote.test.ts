import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitQuote } from '../../../src/channels/email/split-quote.ts'
import { processorTime } from '../../fakes/processor-time.ts'
import { parseFixture } from './email-fixtures.ts'

const whole = (text: string) =>
  splitQuote(text)
    .segments.map((segment) => segment.text)
    .join('')

describe('splitQuote', () => {
  test('shows the answer, folds the quote, keeps both', async () => {
    const { text } = await parseFixture('reply-gmail-quoted-below')
    const split = splitQuote(text)
    expect(split.visible).toBe('Tuesday at ten suits me.')
    expect(split.segments.map((segment) => segment.kind)).toEqual(['text', 'quote'])
    expect(split.segments[1]?.text).toContain('When may we come and measure?')
    expect(split.interleaved).toBe(false)
    expect(whole(text)).toBe(text)
  })

  test('answers between quoted lines stay visible', async () => {
    const { text } = await parseFixture('reply-interleaved-answers')
    const split = splitQuote(text)
    expect(split.visible).toContain('Oak, please.')
    expect(split.visible).toContain('In March, after the plumber is done.')
    expect(split.visible).not.toContain('Which wood')
    expect(split.interleaved).toBe(true)
    expect(whole(text)).toBe(text)
  })

  test('Outlook quotes without marks', async () => {
    const { text } = await parseFixture('reply-outlook-no-marks')
    const split = splitQuote(text)
    expect(split.visible).toContain('Wir nehmen das Angebot an.')
    expect(split.visible).not.toContain('4.200')
    expect(split.segments.at(-1)).toMatchObject({ kind: 'quote' })
    expect(whole(text)).toBe(text)
  })

  test('a mail of nothing but quotes is shown whole', async () => {
    const { text } = await parseFixture('forward-only-quotes')
    expect(splitQuote(text).visible).toBe(text)
  })

  test('a quote header full of replacement patterns loses nothing', () => {
    const text = "Fine.\n\nOn $& $' $` Mon, Nov 2, 2026 at 9:00 AM, A\n<a@b.test> wrote:\n> old\n"
    expect(whole(text)).toBe(text)
    expect(splitQuote(text).visible).toMatch(/^Fine\./)
  })

  test('every character is in exactly one segment', () => {
    const line = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        '> quoted',
        'On Mon, Nov 2, 2026 A <a@b> wrote:',
        '-- ',
        '',
        'From: A <a@b.test>',
        'Sent: today',
        'Regards,',
        '>> deeper',
      ),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        const text = lines.join('\n')
        expect(whole(text)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['one line of 500 kB', `${'Am 12.12.2026 12:12 "x" <a@b'.repeat(20_000)}`],
    ['20,000 quoted lines', `ok\n${'> Op maandag schreef x\n'.repeat(20_000)}`],
    ['quotes of quotes', 'Op \nschreef '.repeat(5_000)],
    ['digits and brackets', `${'12.12.2026 12:12 from <'.repeat(9)}\n\n`.repeat(300)],
    ['blanks', `On ${' '.repeat(150)}\n`.repeat(600)],
    ['2,000 openings of a quote', 'Op a. skrev \nabc. Den \n'.repeat(2_000)],
  ])('%s is split without delay', async (_name, text) => {
    expect(await processorTime(() => expect(whole(text)).toBe(text))).toBeLessThan(20_000)
  })
})
