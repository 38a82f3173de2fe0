import { expect, test } from 'vitest'
import { misfit, type RouteFacts, type When } from '../../../src/route/match-rule.ts'
import { routeNumber } from '../../../src/route/read-facts.ts'
import { anything, facts } from './rules.ts'

const fits = (when: Partial<When>, lead: Partial<RouteFacts>) => misfit({ ...anything, ...when }, facts(lead)) === null

test.each<[string, Partial<When>, Partial<RouteFacts>, boolean]>([
  ['nothing asked', {}, {}, true],
  ['one of several tiers', { tiers: ['warm', 'hot'] }, { tier: 'hot' }, true],
  ['another tier', { tiers: ['warm'] }, { tier: 'hot' }, false],
  ['any of their channels', { channels: ['call'] }, { channels: ['form', 'call'] }, true],
  ['a source in any spelling', { sources: ['google ads '] }, { sources: ['Website', 'Google Ads'] }, true],
  ['two conditions, one of them not', { tiers: ['hot'], sources: ['Fair'] }, {}, false],
  ['a national area code', { areaCodes: ['(415)'] }, { numbers: [routeNumber('+14155550187')] }, true],
  ['another area code', { areaCodes: ['212'] }, { numbers: [routeNumber('+14155550187')] }, false],
  [
    'any of their numbers',
    { areaCodes: ['212'] },
    { numbers: ['+14155550187', '+12125550187'].map(routeNumber) },
    true,
  ],
  ['a code as it is dialled at home', { areaCodes: ['030'] }, { numbers: [routeNumber('+4930123456')] }, true],
  ['a code with its country', { areaCodes: ['+49 30'] }, { numbers: [routeNumber('+4930123456')] }, true],
  ['the same digits in another country', { areaCodes: ['+49 30'] }, { numbers: [routeNumber('+43301234567')] }, false],
  ['a code without a digit fits nobody', { areaCodes: ['none'] }, { numbers: [routeNumber('+14155550187')] }, false],
  ['a country', { countries: ['DE'] }, { numbers: [routeNumber('+4930123456')] }, true],
  ['no number, no country', { countries: ['DE'] }, {}, false],
  ['a region', { regions: ['california'] }, { regions: ['California'] }, true],
  ['a postcode by its beginning', { postcodes: ['sw1'] }, { postcodes: ['SW1A 1AA'] }, true],
  ['only its beginning', { postcodes: ['1A'] }, { postcodes: ['SW1A 1AA'] }, false],
  ['an empty prefix fits nobody', { postcodes: [' - '] }, { postcodes: ['94110'] }, false],
  ['a phrase across a line break', { words: ['New Roof'] }, { text: 'We need a new\nroof, please' }, true],
  ['whole words only', { words: ['roof'] }, { text: 'It is waterproof' }, false],
  ['words with accents', { words: ['küche'] }, { text: 'Neue KÜCHE?' }, true],
])('%s', (_name, when, lead, expected) => {
  expect(fits(when, lead)).toBe(expected)
})

test('says why not', () => {
  expect(misfit({ ...anything, tiers: ['hot', 'warm'] }, facts({ tier: 'nurture' }))).toBe(
    'It is nurture, not hot or warm',
  )
  expect(misfit({ ...anything, postcodes: ['941'] }, facts())).toBe('Their postcode is not known')
  expect(misfit({ ...anything, areaCodes: ['415'] }, facts({ numbers: [routeNumber('+12125550187')] }))).toBe(
    'Their area code is not 415',
  )
  expect(misfit({ ...anything, words: ['roof'] }, facts())).toBe('They do not say roof')
})
