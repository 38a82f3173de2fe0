import { describe, expect, test } from 'vitest'
import { readAmount } from '../../../src/lib/read-amount.ts'

describe('an amount as people type it', () => {
  test.each([
    ['18500', 18_500],
    ['18,500', 18_500],
    ['18.500', 18_500],
    ['$12,345.67', 12_345.67],
    ['12.345,67 €', 12_345.67],
    ['1,234,567', 1_234_567],
    ['1.234.567,8', 1_234_567.8],
    ['1 200', 1200],
    ["CHF 1'200.50", 1200.5],
    ['18k', 18_000],
    ['2.5k', 2500],
    ['0,50', 0.5],
    ['18.5', 18.5],
    ['900', 900],
    ['18.50', 18.5],
    ['1,000,000,000', 1_000_000_000],
  ])('%s is %d', (typed, amount) => expect(readAmount(typed)).toBe(amount))

  test.each(['', '  ', '$'])('"%s" is none yet', (typed) => expect(readAmount(typed)).toBeNull())

  test.each(['abc', '-5', '1,2,3', '12.34.56', '1,234.567,8', '10 to 20', '2,000,000,000', '1e9', '12,34.5'])(
    '"%s" is none',
    (typed) => expect(readAmount(typed)).toBeUndefined(),
  )
})
