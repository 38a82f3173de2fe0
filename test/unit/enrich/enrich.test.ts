import { IANAZone } from 'luxon'
import { describe, expect, test } from 'vitest'
import freeMail from '../../../resources/free-mail.json' with { type: 'json' }
import regions from '../../../resources/phone-regions.json' with { type: 'json' }
import { companyFromEmail } from '../../../src/enrich/company.ts'
import { phoneRegion } from '../../../src/enrich/phone-region.ts'

describe('region and zone of a number', () => {
  test.each([
    ['+14155550187', 'California', 'America/Los_Angeles'],
    ['+12125550187', 'New York, NY', 'America/New_York'],
    ['+14165550187', 'Ontario', 'America/Toronto'],
    ['+442079460018', 'United Kingdom', 'Europe/London'],
    ['+4930123456', 'Germany', 'Europe/Berlin'],
    // Two zones in one area code or country: no guess.
    ['+18505550187', 'Florida', null],
    ['+61291234567', 'Australia', null],
    ['+18005550187', null, null],
    ['72975', null, null],
    ['', null, null],
  ])('%s', (number, region, zone) => expect(phoneRegion(number)).toMatchObject({ region, zone }))

  test('every zone of the data exists', () => {
    const zones = [...Object.values(regions.areaCodes).map((it) => it[1]), ...Object.values(regions.countryZones)]
    expect(zones.filter((zone) => zone && !IANAZone.isValidZone(zone))).toEqual([])
  })
})

describe('company of an address', () => {
  test.each([
    ['gus@lopez-builders.co.uk', 'Lopez Builders'],
    ['info@mail.acme.com', 'Acme'],
    ['ana@gmail.com', null],
    ['ana@yahoo.co.uk', null],
    ['ana@hotmail.fr', null],
    ['ana@comcast.net', null],
    ['ana@privaterelay.appleid.com', null],
    ['ana@localhost', null],
    ['ana@[192.168.1.1]', null],
    ['not an address', null],
  ])('%s is %s', (address, company) => expect(companyFromEmail(address)).toBe(company))

  test('no domain twice', () => {
    expect(new Set(freeMail.domains).size).toBe(freeMail.domains.length)
  })
})
