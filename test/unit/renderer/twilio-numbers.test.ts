import { expect, test } from 'vitest'
import { abilities, numberChoices, typedNumber, watch } from '../../../renderer/onboarding/twilio-values.ts'

const listed = (number: string, name: string, sms = true, voice = true) => ({
  number,
  display: number,
  name,
  sms,
  voice,
})
const found = [
  listed('+14155550120', 'Fax', false),
  listed('+14155550100', '+14155550100'),
  listed('+14155550110', 'Van'),
]

test('every number can be chosen, with its name and what it can; one that is gone stays to be taken away', () => {
  const choices = numberChoices(found, { number: '+14155550100', others: ['+14155550777'] })
  expect(choices.map((it) => [it.label, abilities(it, true)])).toEqual([
    ['+14155550120 · Fax', 'calls'],
    ['+14155550100', 'calls and texts'],
    ['+14155550110 · Van', 'calls and texts'],
    ['+14155550777', 'not listed at Twilio'],
  ])
})

test('taking away the number that messages leave from makes the next one that', () => {
  const chosen = { number: 'a', others: ['b'] }
  expect(watch(chosen, ['a', 'b', 'c'])).toEqual({ number: 'a', others: ['b', 'c'] })
  expect(watch(chosen, ['b'])).toEqual({ number: 'b', others: [] })
  expect(watch(chosen, [])).toEqual({ number: 'a', others: [] })
})

test('what was typed is found among them, however it was written', () => {
  expect(typedNumber('(415) 555-0110', found)).toBe('+14155550110')
  expect(typedNumber('', found)).toBe('+14155550100')
  expect(typedNumber('+49 30 1234567', found)).toBe('+49 30 1234567')
})
