import { expect, test } from 'vitest'
import { money } from '../../../renderer/inbox/money.ts'

test('an amount is shown as it was understood', () => {
  expect(money(18_500, 'USD', 'en-US')).toBe('$18,500')
  expect(money(12_345.67, 'EUR', 'en-US')).toBe('€12,345.67')
  expect(money(5000, 'JPY', 'en-US')).toBe('¥5,000')
})
