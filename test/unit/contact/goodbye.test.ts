import { expect, test } from 'vitest'
import { isGoodbye } from '../../../src/contact/goodbye.ts'
import { processorTime } from '../../fakes/processor-time.ts'

test.each([
  'Thanks!',
  'thank you so much!!',
  'Ok great, thanks a lot 🙏',
  '👍',
  '👍🏽',
  'Perfect. See you tomorrow!',
  'Sounds good, thank you for your help.',
  'Vielen Dank!',
  'muchas gracias',
  'Got it, thx',
  'Great, that works for me. Have a good weekend!',
])('%s is a goodbye', (text) => expect(isGoodbye(text)).toBe(true))

test.each([
  'Thanks, when can you come?',
  'Thanks but it is still leaking',
  'ok can you call me',
  'Yes please book it',
  'no thanks, cancel it',
  'Great. My number is 415 555 0142',
  'Thanks. What about Tuesday',
  'Thank you, I will take the second offer',
  '',
  '   ',
  `thanks ${'again '.repeat(40)}`,
])('“%s” wants an answer', (text) => expect(isGoodbye(text)).toBe(false))

test('a long text of almost only thanks does not hang', async () => {
  expect(await processorTime(() => isGoodbye(`${'thanks so much '.repeat(7)}x`))).toBeLessThan(5000)
})
