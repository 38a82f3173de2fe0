import { describe, expect, test } from 'vitest'
import { cleanName, nameFromAddress } from '../../../src/capture/names.ts'
import { displayPhone, normalizeEmail, normalizePhone } from '../../../src/lib/handles.ts'
import { processorTime } from '../../fakes/processor-time.ts'

describe('names', () => {
  test('of a whole page hold nobody up', async () => {
    const page = `Ana${' '.repeat(200_000)}Lopez`
    expect(await processorTime(() => expect(cleanName(page, '')).toBe('Ana'))).toBeLessThan(5000)
  })

  test.each([
    ['Ana Lopez', 'Ana Lopez'],
    ["  'Ana   Lopez' ", 'Ana Lopez'],
    ['Lopez, Ana', 'Ana Lopez'],
    ['Lopez Builders, Inc.', 'Lopez Builders, Inc.'],
    ['ANA LOPEZ', 'Ana Lopez'],
    ["MARY O'NEIL", "Mary O'neil"],
    ['IBM', 'IBM'],
    ['李 小龙', '李 小龙'],
    ['ana@x.example', null],
    ['WIRELESS CALLER', null],
    ['SAN FRANCISCO CA', null],
    ['+1 415 555 0187', null],
    ['', null],
    [null, null],
    ['\u202eevil', 'evil'],
  ])('%s is %s', (written, name) => expect(cleanName(written, 'ana@x.example')).toBe(name))

  test.each([
    ['ana.lopez@x.example', 'Ana Lopez'],
    ['ana_maria-lopez+web@x.example', 'Ana Maria Lopez'],
    ['info@x.example', 'info@x.example'],
    ['a.lopez@x.example', 'a.lopez@x.example'],
    ['no-reply.2@x.example', 'no-reply.2@x.example'],
  ])('%s is called %s', (address, name) => expect(nameFromAddress(address)).toBe(name))
})

describe('addresses and numbers', () => {
  test.each([
    [' Ana@X.Example ', 'ana@x.example'],
    ['mailto:a@b.example', 'a@b.example'],
    ['<a@b.example>', 'a@b.example'],
    ['a@@b', null],
    ['a b@c.example', null],
    ['', null],
  ])('%s', (written, address) => expect(normalizeEmail(written)).toBe(address))

  test.each([
    ['(415) 555-0187', 'US', '+14155550187'],
    ['whatsapp:+14155550187', 'US', '+14155550187'],
    ['030 123456', 'DE', '+4930123456'],
    ['020 7946 0018', 'GB', '+442079460018'],
    ['+1 415 555 0187 ext. 3', 'US', '+14155550187'],
    ['72975', 'US', '72975'],
    ['+266696687', 'US', null],
    ['anonymous', 'US', null],
    ['Restricted', 'US', null],
    ['', 'US', null],
  ])('%s in %s', (written, country, number) => expect(normalizePhone(written, country)).toBe(number))

  test('read in the way of the country', () => {
    expect(displayPhone('+14155550187', 'US')).toBe('(415) 555-0187')
    expect(displayPhone('+14155550187', 'DE')).toBe('+1 415 555 0187')
    expect(displayPhone('+4930123456', 'DE')).toBe('030 123456')
    expect(displayPhone('72975', 'US')).toBe('72975')
  })
})
