import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'

/**
 * An address in the one form in which addresses are stored and compared; null when it is none.
 */
export function normalizeEmail(value: string): string | null {
  const address = value
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^<|>$/g, '')
    .toLowerCase()
  return /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(address) && address.length <= 320 ? address : null
}

// What networks put in place of a number that the caller hides: words, or the word "anonymous" on a keypad.
const hiddenNumbers = new Set(['266696687', '7378742833', '2562533', '8566696687', '464', '86282452253'])

/**
 * A number as E.164. Short codes (texts from banks and shops) have no such form and stay digits.
 * @param country ISO 3166, for numbers written without a prefix
 * @returns null when it is no number or a caller hid it
 */
export function normalizePhone(value: string, country: string): string | null {
  const written = value.trim().replace(/^(whatsapp|tel|sms):/i, '')
  const digits = written.replace(/\D/g, '')
  if (digits === '' || hiddenNumbers.has(digits) || /[a-z]{4,}/i.test(written)) return null
  const parsed = parsePhoneNumberFromString(written, knownCountry(country))
  if (parsed?.isPossible()) return parsed.number
  return /^\d{3,8}$/.test(written) ? written : null
}

/**
 * A number for reading: national for numbers of the business's own country, international for all others.
 * @param value E.164 or a short code
 */
export function displayPhone(value: string, country: string): string {
  const parsed = parsePhoneNumberFromString(value)
  if (!parsed) return value
  // By calling code: a Canadian number reads naturally without a prefix in the United States and the other way round.
  const isHome = parsed.countryCallingCode === getCountryCallingCode(knownCountry(country))
  return isHome ? parsed.formatNational() : parsed.formatInternational()
}

/** The same for every E.164 number in a sentence. */
export const displayPhonesIn = (text: string, country: string): string =>
  text.replace(/(?<![\w+])\+[1-9]\d{6,14}(?!\w)/g, (number) => displayPhone(number, country))

function knownCountry(country: string): CountryCode {
  return isSupportedCountry(country) ? country : 'US'
}
