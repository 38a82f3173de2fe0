import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { segments } from '../../../renderer/composer/segments.ts'

describe('segments', () => {
  it('fits 160 plain characters into one part and 153 into each of several', () => {
    expect(segments('a'.repeat(160))).toEqual({ characters: 160, parts: 1, left: 0, alphabet: 'GSM-7' })
    expect(segments('a'.repeat(161))).toMatchObject({ parts: 2, left: 306 - 161 })
    expect(segments('a'.repeat(306)).parts).toBe(2)
    expect(segments('a'.repeat(307)).parts).toBe(3)
  })

  it('falls to 70 and 67 with one letter outside the telephone alphabet', () => {
    expect(segments(`${'a'.repeat(69)}’`)).toEqual({ characters: 70, parts: 1, left: 0, alphabet: 'UCS-2' })
    expect(segments(`${'a'.repeat(70)}’`).parts).toBe(2)
    expect(segments('ж'.repeat(134)).parts).toBe(2)
    expect(segments('ж'.repeat(135)).parts).toBe(3)
  })

  it('counts escaped characters and emoji twice, and cuts neither in two', () => {
    expect(segments('€'.repeat(80))).toMatchObject({ characters: 80, parts: 1, left: 0 })
    // 152 plain, then a pair that does not fit into the last place of the first part.
    expect(segments(`${'a'.repeat(152)}€${'a'.repeat(151)}`)).toMatchObject({ parts: 2, left: 0 })
    expect(segments('😀'.repeat(35))).toMatchObject({ characters: 35, parts: 1, left: 0 })
    expect(segments('😀'.repeat(36)).parts).toBe(2)
  })

  it('knows umlauts, line breaks and the empty text', () => {
    expect(segments('Grüße\n').alphabet).toBe('GSM-7')
    expect(segments('')).toEqual({ characters: 0, parts: 0, left: 160, alphabet: 'GSM-7' })
  })

  it('never shrinks when text is added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.string({ maxLength: 5 }), (text, more) => {
        expect(segments(text + more).parts).toBeGreaterThanOrEqual(segments(text).parts)
      }),
    )
  })
})
