/** Numbers that carriers put in place of a withheld caller id; they spell ANONYMOUS, RESTRICTED, BLOCKED, ... on a keypad. */
const withheld = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253', '+464'])

/** What Twilio puts before the numbers of a WhatsApp message. */
export const WHATSAPP = 'whatsapp:'

/** `whatsapp:+1555…` to `+1555…`. */
export function withoutPrefix(address: string): string {
  return address.replace(/^whatsapp:/, '')
}

/** True for a number that can be called back: not withheld, not `client:…` or `sip:…`. */
export function isReachable(address: string): boolean {
  const number = withoutPrefix(address)
  return /^\+[1-9]\d{5,14}$/.test(number) && !withheld.has(number)
}

/** What a person typed into the settings, as Twilio writes it: `+1 (415) 555-0100` to `+14155550100`. */
export function asTyped(number: string): string {
  return number.replace(/[^\d+]/g, '')
}
