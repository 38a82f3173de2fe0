// What telephone networks write when they know no name, and what nobody is called.
const noName =
  /^(unknown( (caller|name))?|anonymous|private( (caller|number))?|wireless caller|unavailable|out of area|toll[ -]?free( (call|caller))?|no name|name unavailable)$/i
// "SAN FRANCISCO CA": the exchange, not a person.
const exchange = /^[A-Z][A-Z .]+ [A-Z]{2}$/
const company = /\b(inc|llc|ltd|gmbh|co|corp|company|kg|sa|bv)\b\.?/i

// Far longer than what is kept; cleaning a header of a megabyte would hold everybody up.
const longestRead = 1000

/**
 * A name as a channel brings it, made fit to be shown; null when it says nothing.
 * @param value the address or number it came with: some programs repeat it as the name
 */
export function cleanName(name: string | null | undefined, value: string): string | null {
  const plain = (name ?? '')
    .slice(0, longestRead)
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/^['"\s]+|['"\s]+$/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200)
  if (plain === '' || plain.toLowerCase() === value || plain.includes('@') || !/\p{L}/u.test(plain)) return null
  if (noName.test(plain) || exchange.test(plain)) return null
  return unshout(flip(plain))
}

/** "Lopez, Ana" → "Ana Lopez"; companies keep their commas. */
function flip(name: string): string {
  const parts = /^([^,]+), ([^,]+)$/.exec(name)
  return parts && !company.test(name) ? `${parts[2]} ${parts[1]}` : name
}

/** "ANA LOPEZ" → "Ana Lopez"; "IBM" stays. */
function unshout(name: string): string {
  if (!name.includes(' ') || name !== name.toUpperCase() || name === name.toLowerCase()) return name
  return name.toLowerCase().replace(/(?<![\p{L}\p{M}'’])\p{L}/gu, (letter) => letter.toUpperCase())
}

/** What to call somebody of whom only the address is known: ana.lopez@… → "Ana Lopez", else the address. */
export function nameFromAddress(address: string): string {
  const local = address.slice(0, address.lastIndexOf('@')).replace(/\+.*$/, '')
  const words = local.split(/[._-]+/)
  if (words.length < 2 || words.length > 4 || !words.every((word) => /^\p{L}{2,}$/u.test(word))) return address
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
