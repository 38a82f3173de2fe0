import { legalForm, noNameWord, titleWord, tradeWord } from './words.ts'

const particle =
  /^(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|vom|zu|zur|der|den|ten|ter|bin|ibn|al|el|y|e|mac|mc|st\.)$/iu
const letterWord = /^\p{Lu}[\p{L}\p{M}'’.-]*$/u
const initial = /^\p{Lu}\.?$/u
const credentials =
  /[,\s]+(?:\(?(?:he\/him|she\/her|they\/them|she\/hers|he\/his)(?:\/[a-z]+)?\)?|cpa|md|m\.d\.|dds|d\.d\.s\.|dmd|esq\.?|ph\.?d\.?|p\.?e\.?|r\.?n\.?|mba|cfp|aia|leed ap|pmp|dvm|j\.?d\.?|ea|cmp|gri|abr|jr\.?|sr\.?|ii|iii|iv|mrics|acca|b\.?sc\.?|m\.?sc\.?|dipl\.?-?ing\.?|m\.?a\.?|b\.?a\.?)(?=$|[,\s])/giu
const salutation =
  /^(?:mr|mrs|ms|miss|mx|dr|prof|herr|frau|sr|sra|srta|don|doña|mme|mlle|m|rev|ing|dipl\.?-?ing|capt|sgt)(?:\.\s*|\s+)(?=\p{Lu})/iu

/**
 * A personal name, if a few words are one: "Dr. ANA LOPEZ, DDS" → "Ana Lopez".
 * @param least how many words it must have
 * @returns null for companies, titles, greetings and whatever else is capitalised
 */
export function readName(written: string, least = 2): string | null {
  if (written.length > 60 || /[\d@/\\|<>=%$€£#&?!:;()[\]{}"_]/.test(written.replace(credentials, ''))) return null
  let text = written.replace(credentials, ' ').replace(/[*~]+/g, '').replace(/\s+/g, ' ').trim()
  text = text.replace(/^[-–—\s]+|[,.\s–—-]+$/g, '')
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(salutation, '')
  }
  if (text.includes(',')) return null
  const words = text.split(' ')
  if (words.length < least || words.length > 4) return null
  const first = words[0] ?? ''
  const last = words.at(-1) ?? ''
  if (particle.test(last) || (words.length > 1 && initial.test(last) && last.length > 2)) return null
  if (!words.every((word, at) => letterWord.test(word) || (at > 0 && particle.test(word)))) return null
  if (words.some((word) => noNameWord.test(word.replace(/\.$/, '')))) return null
  if (words.length === 1 && (first.length < 2 || first.includes('.'))) return null
  // An initial alone is no name: "A. B."
  if (!words.some((word) => word.replace('.', '').length > 1 && !particle.test(word))) return null
  if (titleWord.test(text) || legalForm.test(text) || tradeWord.test(text)) return null
  return isShouted(text) ? unshout(text) : text
}

// Two letters may be initials ("JD"); a whole name in capitals is a habit.
const isShouted = (text: string) => text.length > 3 && text === text.toUpperCase()

const unshout = (text: string) =>
  text
    .toLowerCase()
    .replace(/(?<![\p{L}\p{M}])(?:mc|o['’])?\p{L}/gu, (start) =>
      start.length > 1
        ? start.charAt(0).toUpperCase() + start.slice(1, -1) + start.slice(-1).toUpperCase()
        : start.toUpperCase(),
    )

const bare = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ß/g, 'ss').toLowerCase()

const tokensOf = (name: string) =>
  bare(name)
    .split(/[^a-z]+/)
    .filter((it) => it.length > 1)

/** How a name stands to whoever sent the mail. */
export type Kinship = 'same' | 'unknown' | 'other'

/**
 * Whether a name in a mail is its sender's: by the name the mail came with and by the address.
 */
export function kinship(
  name: string,
  sender: { readonly name: string | null; readonly email: string | null },
): Kinship {
  const tokens = tokensOf(name)
  const given = sender.name ? readName(sender.name, 1) : null
  const local = bare(sender.email?.split('@')[0] ?? '').replace(/\+.*$/, '')
  if (given !== null) {
    const known = tokensOf(given)
    const shared = tokens.filter((it) => known.includes(it) || known.some((other) => isShortFor(it, other)))
    // Ana Lopez and Bob Lopez share a house, not a head.
    const firstFits = tokens[0] !== undefined && shared.includes(tokens[0])
    const fitsName = known.length > 1 && tokens.length > 1 ? firstFits || shared.length > 1 : shared.length > 0
    // Somebody was given another name here than they write under: their address still says who they are.
    const [first = ''] = tokens
    return fitsName || (first.length > 2 && local.split(/[^a-z]+/).includes(first)) ? 'same' : 'other'
  }
  if (local === '') return 'unknown'
  const parts = local.split(/[^a-z]+/).filter((it) => it.length > 0)
  const [first = '', last = ''] = [tokens[0], tokens.at(-1)]
  const joined = parts.join('')
  if (tokens.length > 1) {
    if (
      [`${first}${last}`, `${last}${first}`, `${first.charAt(0)}${last}`, `${last}${first.charAt(0)}`].includes(joined)
    )
      return 'same'
    if ([`${first}${last.charAt(0)}`].includes(joined)) return 'same'
  }
  if (tokens.some((it) => it.length > 2 && parts.some((part) => part === it || (it.length > 3 && part.startsWith(it)))))
    return tokens.length > 1 && parts.length === 2 && !parts.every((part) => fits(part, tokens)) ? 'other' : 'same'
  // ana.lopez@ is somebody else than Kim Ito; info@ and sunny77@ may be anybody.
  const isNamed = parts.length === 2 && parts.every((part) => part.length > 2 && !roleWord.test(part))
  return isNamed ? 'other' : 'unknown'
}

const fits = (part: string, tokens: readonly string[]) =>
  tokens.some((it) => it === part || (part.length === 1 && it.startsWith(part)) || isShortFor(part, it))

const roleWord =
  /^(?:info|sales|office|admin|contact|hello|hi|team|mail|support|service|the|my|shop|store|bookings?|kontakt|buero|projects?|accounts?|jobs?|home|house|farm|design|build|reception|front|desk|customer|care|help|property|properties|management)$/

/** Mike for Michael: a common start is enough for a first name. */
const isShortFor = (a: string, b: string) => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length > 2 && long.startsWith(short.slice(0, Math.max(3, short.length - 1)))
}
