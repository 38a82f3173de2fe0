import { parsePhoneNumberFromString } from 'libphonenumber-js'
import regions from '../../resources/phone-regions.json' with { type: 'json' }

/** Where a number belongs: "California" or "Germany", and the IANA zone when the number leaves no doubt. */
export type PhoneRegion = { readonly region: string | null; readonly zone: string | null }

const areaCodes: Readonly<Record<string, readonly (string | null)[]>> = regions.areaCodes
const countryZones: Readonly<Record<string, string>> = regions.countryZones
const nowhere: PhoneRegion = { region: null, zone: null }

/**
 * Guesses from the number alone, without asking anybody. Mobile numbers move with their owners, so this is good for
 * "9:06 there" on a card and for quiet hours, never for a promise.
 * @param number E.164
 */
export function phoneRegion(number: string): PhoneRegion {
  const parsed = parsePhoneNumberFromString(number)
  if (!parsed) return nowhere
  if (parsed.countryCallingCode === '1') {
    const [state, zone] = areaCodes[parsed.nationalNumber.slice(0, 3)] ?? []
    // A code without a state is toll-free, or one of the islands that share the prefix.
    return { region: state ?? (parsed.country === 'US' ? null : countryName(parsed.country)), zone: zone ?? null }
  }
  return { region: countryName(parsed.country), zone: parsed.country ? (countryZones[parsed.country] ?? null) : null }
}

function countryName(country: string | undefined): string | null {
  if (!country) return null
  return new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? null
}
