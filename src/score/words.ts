/**
 * Words of a text as rules compare them: lower case, only letters and digits. "As soon-as possible!" → as soon as possible
 */
export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(word) ?? []
}

const word = /[\p{L}\p{N}]+/gu

/** A subject as far as it is theirs: that of an answer, "Re: Your quote", is our word; then it is empty. */
export const ownSubject = (subject: string): string =>
  /^\s*(re|aw|sv|antw|fwd?|wg)\s*(\[\d+\])?:/i.test(subject) ? '' : subject

/** Tells in one pass over a text which of many phrases are in it. @param text words of {@link wordsOf}, a blank between them */
export type PhraseFinder = (text: string, found: (phrase: number) => void) => void

const blank = 32

/**
 * Finds whole words and phrases with the endings that English puts on the last of them: "quote" also finds "quotes" and
 * "quoted", not "quotent". One look-up a word of the text, however many phrases there are, and most words not even that:
 * a hundred thousand texts are looked through at once, so only a word that may begin a phrase becomes a string.
 *
 * @param phrases answered by their place in this list; one without a letter or digit is never found
 */
export function makePhraseFinder(phrases: readonly string[]): PhraseFinder {
  const byFirst = new Map<string, Phrase[]>()
  for (const [index, phrase] of phrases.entries()) {
    const [first, ...rest] = wordsOf(phrase)
    if (first === undefined) continue
    const keys = rest.length === 0 ? withEndings(first) : [first]
    const last = new Set(withEndings(rest.at(-1) ?? ''))
    for (const key of keys) {
      const known = byFirst.get(key) ?? []
      known.push({ index, rest, last })
      byFirst.set(key, known)
    }
  }
  // Sixteen places a word, at least: few words are looked up in vain.
  const places = 2 ** Math.ceil(Math.log2(Math.max(256, byFirst.size * 16)))
  const taken = new Uint8Array(places)
  for (const key of byFirst.keys()) taken[hashOf(key) & (places - 1)] = 1
  return (text, found) => {
    let start = 0
    let hash = 0
    for (let at = 0; at <= text.length; at += 1) {
      const code = at < text.length ? text.charCodeAt(at) : blank
      if (code !== blank) {
        hash = nextHash(hash, code)
        continue
      }
      if (taken[hash & (places - 1)] === 1) {
        for (const phrase of byFirst.get(text.slice(start, at)) ?? none) {
          if (goesOn(phrase, text, at + 1)) found(phrase.index)
        }
      }
      start = at + 1
      hash = 0
    }
  }
}

const nextHash = (hash: number, code: number) => (Math.imul(hash, 31) + code) | 0
const hashOf = (word: string) => word.split('').reduce((hash, it) => nextHash(hash, it.charCodeAt(0)), 0)

type Phrase = {
  readonly index: number
  /** The words after the first. */
  readonly rest: readonly string[]
  /** The forms of the last of them. */
  readonly last: ReadonlySet<string>
}

const none: readonly Phrase[] = []

function goesOn({ rest, last }: Phrase, text: string, from: number): boolean {
  let at = from
  for (const [n, word] of rest.entries()) {
    const blankAt = text.indexOf(' ', at)
    const end = blankAt === -1 ? text.length : blankAt
    const it = text.slice(at, end)
    if (n === rest.length - 1 ? !last.has(it) : it !== word) return false
    at = end + 1
  }
  return true
}

const withEndings = (it: string) => ['', 's', 'es', 'd', 'ed', 'ing'].map((ending) => it + ending)
