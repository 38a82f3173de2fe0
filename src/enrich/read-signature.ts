import { companyFromEmail } from './company.ts'
import { kinship, readName } from './read-names.ts'
import { findPhones, type PhoneLabel } from './read-phones.ts'
import { isStreet, postcodeIn } from './read-place.ts'
import { legalForm, titleWord, tradeWord } from './words.ts'

export type Sender = { readonly name: string | null; readonly email: string | null }

/** What stands in a signature. Nothing is in it that was only guessed. */
export type Signature = {
  readonly name: string | null
  readonly title: string | null
  readonly company: string | null
  readonly website: string | null
  readonly address: string | null
  readonly postcode: string | null
  readonly phones: readonly { readonly number: string; readonly label: PhoneLabel }[]
  readonly emails: readonly string[]
}

export type SignatureContext = {
  readonly sender: Sender
  /** ISO 3166, the likeliest first. */
  readonly countries: readonly string[]
  /** Addresses, numbers, domains and names of the business, lower case: what stands under our words is not theirs. */
  readonly isOurs: (word: string) => boolean
}

const email = /[\p{L}\d._%+'-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/giu
const url = /(?:https?:\/\/)?(?:www\.)?(?:[a-z\d-]+\.)+[a-z]{2,}(?:\/[^\s|,<>)\]]*)?/giu
const notTheirs =
  /(?:facebook|fb|linkedin|instagram|twitter|x|youtube|youtu|tiktok|pinterest|google|goo|g|yelp|houzz|calendly|zoom|wa|whatsapp|t|bit|mailchimp|hubspot|apple|microsoft|aka|outlook|gmail|yahoo|hotmail|teams|maps|linktr|nextdoor|angi|bbb|dropbox|github|vimeo|tripadvisor|booking|etsy|amazon|paypal|venmo|avast|safelinks)\.[a-z.]{2,}$/iu
// Between the parts of a line: bars, bullets, tabs, what is left of a table, dashes with room around them.
const between = /\s*[|•·▪●◦⋅∙¦]+\s*|\t+|\s{3,}|\s+[–—-]\s+|\s+\/\/\s+/u

/**
 * Reads the lines below a mail.
 * @param certain whether something says that this is a signature; else only what its sender surely wrote is taken
 * @returns null when it is not the sender's, or nobody's
 */
export function readSignature(lines: readonly string[], context: SignatureContext, certain: boolean): Signature | null {
  const own = ownLines(lines, context)
  if (own === null) return null
  const segments = own
    .flatMap((line) => line.split(between))
    .map((it) => it.trim())
    .filter((it) => it !== '')
  if (segments.length === 0) return null
  const whole = segments.join('\n')
  const emails = [...new Set([...whole.matchAll(email)].map((it) => it[0].toLowerCase()))]
  const named = nameIn(segments, context.sender, certain)
  if (named === 'other') return null
  const phones = phonesIn(segments, context.countries).filter((it) => !context.isOurs(it.number))
  // Two short lines at the end of a mail are a signature only if they carry what a signature carries.
  const looksLikeOne = phones.length > 0 || emails.length > 0 || segments.some(isStreet) || named !== null
  if (!certain && !looksLikeOne) return null
  const website = websiteIn(segments, context.sender, emails)
  const domain = domainOf(context.sender.email, website)
  const place = placeIn(segments, context.countries[0] ?? 'US')
  const company = companyIn(segments, domain, named?.at ?? null, named?.name ?? null)
  const hasMore = phones.length > 0 || company !== null || place.address !== null || emails.length > 0
  const title = titleIn(segments, named, company, certain && hasMore)
  return {
    // A name that nothing supports needs company: closing words alone introduce "Blue Heron", too.
    name:
      named &&
      (named.kin === 'same' || (certain && (hasMore || title !== null || named.words > 1 || segments.length === 1)))
        ? named.name
        : null,
    title,
    company,
    website,
    ...place,
    phones,
    emails: emails.filter((it) => it !== context.sender.email && belongsTo(it, context.sender, named?.name ?? null)),
  }
}

/**
 * The lines that are the sender's: cut before anything of ours, and where two people sign, only their part.
 */
function ownLines(lines: readonly string[], context: SignatureContext): readonly string[] | null {
  const oursAt = lines.findIndex(
    (line) => wordsOfOurs(line).some(context.isOurs) || context.isOurs(line.trim().toLowerCase()),
  )
  if (oursAt === 0) return null
  let kept = lines.slice(0, oursAt < 0 ? undefined : oursAt)
  if (oursAt > 0) {
    // Our name and company stand above our address: the whole paragraph is ours.
    const blank = kept.findLastIndex((line) => line.trim() === '')
    if (blank < 0 && kept.length > 1) return null
    kept = kept.slice(0, Math.max(0, blank))
  }
  const people = kept.flatMap((line, at) => {
    const first = line.split(between)[0]?.trim() ?? ''
    const head = first.split(/,|\s\(/)[0] ?? ''
    // "San Francisco, CA 94105" is a town.
    if (/\d/.test(first)) return []
    const name = readName(first) ?? readName(head)
    return name === null ? [] : [{ at, kin: kinship(name, context.sender) }]
  })
  // Companies may look like people: only two names that both stand to the sender matter.
  const others = people.filter((it) => it.kin === 'other')
  const same = people.find((it) => it.kin === 'same')
  if (others.length === 0) return kept.length === 0 ? null : kept
  if (!same) return null
  const next = others.find((it) => it.at > same.at)?.at
  const start = others.some((it) => it.at < same.at) ? same.at : 0
  return kept.slice(start, next)
}

const wordsOfOurs = (line: string): string[] => [
  ...[...line.matchAll(email)].map((it) => it[0].toLowerCase()),
  ...[...line.matchAll(url)].map((it) => hostOf(it[0])),
]

type Named = {
  readonly name: string
  readonly kin: 'same' | 'unknown'
  readonly at: number
  readonly words: number
  readonly rest: string
}

function nameIn(segments: readonly string[], sender: Sender, certain: boolean): Named | 'other' | null {
  for (const [at, segment] of segments.slice(0, 6).entries()) {
    const cleaned = segment.replace(/^(?:[-–—~*\s]+|name:\s*)/iu, '')
    const comma = cleaned.indexOf(',')
    const head = comma > 0 ? cleaned.slice(0, comma) : cleaned
    const name = readName(cleaned) ?? readName(head) ?? (at === 0 && certain ? readName(cleaned, 1) : null)
    if (name === null) continue
    const words = name.split(' ').length
    const kin = kinship(name, sender)
    if (kin === 'other') {
      // "Ana" below a mail of Ana Lopez is the same; another single word may be a place or a firm.
      if (words === 1) continue
      return 'other'
    }
    if (kin === 'unknown' && (!certain || at > 1)) continue
    return { name, kin, at, words, rest: comma > 0 ? cleaned.slice(comma + 1).trim() : '' }
  }
  return null
}

function titleIn(
  segments: readonly string[],
  named: Named | null,
  company: string | null,
  mayStandAlone: boolean,
): string | null {
  const near = named === null ? segments.slice(0, 3) : [named.rest, ...segments.slice(named.at + 1, named.at + 4)]
  if (named === null && !mayStandAlone) return null
  for (const segment of near) {
    const title = readTitle(segment, company)
    if (title !== null) return title
  }
  return null
}

function readTitle(segment: string, company: string | null): string | null {
  const cut = segment.split(/\s+(?:at|@|bei|chez|en|for)\s+(?=\p{Lu})/u)[0] ?? ''
  const parts = cut.split(/,\s*/)
  const isPart = (it: string) => titleWord.test(it) && !legalForm.test(it)
  const title = (parts.every(isPart) ? cut : (parts.find(isPart) ?? '')).replace(/^title:\s*/iu, '').trim()
  if (title === '' || title.length > 70 || title.split(' ').length > 7 || /[@\d]|https?:|[.!?;]\s/.test(title))
    return null
  if (!/^[\p{Lu}]/u.test(title) && title !== title.toLowerCase()) return null
  if (title === company || legalForm.test(title) || /\b(?:i|we|you|my|your|is|are|will|the)\b/i.test(title)) return null
  // "Smith Law Office, Attorneys" is a company.
  return tradeWord.test(title) &&
    !/(?:manager|director|owner|agent|president|coordinator|lead|head|officer|designer|consultant|specialist|assistant|broker)/iu.test(
      title,
    )
    ? null
    : title.replace(/[,.\s]+$/, '')
}

const letters = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z\d]/g, '')

function companyIn(
  segments: readonly string[],
  domain: string | null,
  nameAt: number | null,
  name: string | null,
): string | null {
  const label = domain === null ? null : companyFromEmail(`x@${domain}`)
  const wanted = label === null ? null : letters(label)
  const candidates = segments.flatMap((segment, at) => {
    const pieces = [segment, ...segment.split(/,\s+(?!inc|llc|ltd|l\.l\.c|llp|pllc|p\.c|co\b|s\.|gmbh)/iu).slice(1)]
    const behind = /\s(?:at|@|bei|chez|en)\s+(\p{Lu}.+)$/u.exec(segment)?.[1]
    return [...(behind ? [behind] : []), ...pieces].map((text) => ({ text: text.trim(), at }))
  })
  const fit = candidates.filter(({ text }) => isCompanyShaped(text) && text !== name)
  const byForm = fit.find(({ text }) => legalForm.test(text))
  const byDomain = wanted === null ? undefined : fit.find(({ text }) => matches(text, wanted))
  const byTrade = fit.find(
    ({ text, at }) =>
      nameAt !== null && at > nameAt && at <= nameAt + 3 && tradeWord.test(text) && !titleWord.test(text),
  )
  return (byForm ?? byDomain ?? byTrade)?.text.replace(/[,\s]+$/, '') ?? null
}

function isCompanyShaped(text: string): boolean {
  if (text.length < 2 || text.length > 70 || text.split(/\s+/).length > 8) return false
  if (/[@!?:;]|https?|www\.|\.(?:com|net|org|de|co|es|fr|uk|us|biz|io)\b/iu.test(text)) return false
  if (!/^[\p{Lu}\d]/u.test(text) || isStreet(text) || /\d{3,}/.test(text)) return false
  return !/^(?:licensed|serving|proudly|a |an |the best|member|your |we |our |follow|visit|book|part of|formerly|registered|voted|certified|family)/iu.test(
    text,
  )
}

function matches(text: string, wanted: string): boolean {
  const own = letters(text.replace(legalForm, ''))
  if (own.length < 3) return false
  const initials = text
    .split(/[\s-]+/)
    .filter((it) => /^\p{Lu}/u.test(it))
    .map((it) => it.charAt(0).toLowerCase())
    .join('')
  const withoutThe = own.replace(/^the/, '')
  return (
    own === wanted ||
    withoutThe === wanted.replace(/^the/, '') ||
    (wanted.length > 4 && own.startsWith(wanted)) ||
    (own.length > 5 && wanted.startsWith(own)) ||
    (wanted.length >= 3 && initials === wanted)
  )
}

export const hostOf = (written: string): string =>
  written
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .replace(/[/?#].*$/, '')

const domainOf = (address: string | null, website: string | null): string | null => {
  const domain = address?.split('@')[1] ?? ''
  if (domain !== '' && companyFromEmail(`x@${domain}`) !== null) return domain
  return website === null ? null : hostOf(website)
}

function websiteIn(segments: readonly string[], sender: Sender, emails: readonly string[]): string | null {
  const domain = sender.email?.split('@')[1] ?? ''
  const isWork = domain !== '' && companyFromEmail(`x@${domain}`) !== null
  const hosts = segments.flatMap((segment) => {
    const rest = segment.replace(email, ' ')
    return [...rest.matchAll(url)].flatMap((it) => {
      const host = hostOf(it[0])
      const isUrl =
        /^(?:https?:\/\/|www\.)/i.test(it[0]) ||
        /(?:^|\b)(?:web(?:site|seite)?|w|url|site|internet|sitio web)\s*:?\s*$/iu.test(rest.slice(0, it.index))
      const isAlone = it[0].length === rest.trim().length
      return companyFromEmail(`x@${host}`) === null || notTheirs.test(host) ? [] : [{ host, isUrl: isUrl || isAlone }]
    })
  })
  const own = hosts.find(
    (it) => isWork && (it.host === domain || it.host.endsWith(`.${domain}`) || domain.endsWith(`.${it.host}`)),
  )
  if (own) return own.host
  const urls = [...new Set(hosts.filter((it) => it.isUrl).map((it) => it.host))]
  // A second site may be anybody's: a partner, a review page, the maker of the stove they sell.
  const known = emails.map((it) => it.split('@')[1])
  return urls.find((it) => known.includes(it)) ?? (urls.length === 1 ? (urls[0] ?? null) : null)
}

const cityLine = /^[\p{Lu}\d][\p{L}\d\s.,'’()-]+$/u

function placeIn(segments: readonly string[], country: string): Pick<Signature, 'address' | 'postcode'> {
  const streets = segments.flatMap((it, at) =>
    isStreet(it.replace(/^(?:address|adresse|dirección|a|office)\s*:\s*/iu, '')) ? [at] : [],
  )
  const at = streets[0]
  if (at === undefined) {
    const line = segments.find(
      (it) =>
        it.length < 60 &&
        postcodeIn(it, country) !== null &&
        cityLine.test(it) &&
        findPhones(it, [country]).length === 0,
    )
    return { address: null, postcode: line === undefined ? null : postcodeIn(line, country) }
  }
  const parts = [(segments[at] ?? '').replace(/^(?:address|adresse|dirección|a|office)\s*:\s*/iu, '')]
  let postcode = postcodeIn(parts[0] ?? '', country)
  for (const next of segments.slice(at + 1, at + 4)) {
    if (postcode !== null || !cityLine.test(next) || next.length > 60 || /\d{7,}/.test(next.replace(/[^\d]/g, '')))
      break
    parts.push(next)
    postcode = postcodeIn(next, country)
  }
  // Two offices: which of them is theirs nobody knows.
  const second = streets.find((it) => it >= at + parts.length)
  if (second !== undefined) return { address: null, postcode: null }
  const address = (postcode === null ? parts.slice(0, 1) : parts)
    .join(', ')
    .replace(/,\s*,/g, ',')
    .replace(/[,\s]+$/, '')
  return { address, postcode }
}

function phonesIn(segments: readonly string[], countries: readonly string[]): Signature['phones'] {
  const seen = new Map<string, PhoneLabel>()
  for (const [at, segment] of segments.entries()) {
    for (const { number, label, index } of findPhones(segment, countries)) {
      // A label may stand in a cell of its own: "Mobile | 415 555 0187".
      const alone = index === 0 ? labelAlone(segments[at - 1]) : null
      if (!seen.has(number)) seen.set(number, label ?? alone)
    }
  }
  return [...seen].map(([number, label]) => ({ number, label }))
}

function labelAlone(segment: string | undefined): PhoneLabel {
  const word =
    segment
      ?.trim()
      .replace(/[.:]+$/, '')
      .toLowerCase() ?? ''
  if (/^(?:mobile|mobil|cell|m|c|móvil|handy|portable|mob)$/u.test(word)) return 'mobile'
  if (/^(?:fax|f|telefax)$/u.test(word)) return 'fax'
  if (/^(?:office|tel|phone|p|t|o|work|main|telefon|teléfono|tél|téléphone)$/u.test(word)) return 'office'
  if (/^(?:direct|d|direct line|durchwahl)$/u.test(word)) return 'direct'
  return null
}

/** Another address in a signature is the sender's own when it carries their name or is of their house. */
function belongsTo(address: string, sender: Sender, name: string | null): boolean {
  const who = name ?? (sender.name ? readName(sender.name) : null)
  return who !== null && kinship(who, { name: null, email: address }) === 'same'
}
