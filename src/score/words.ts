/**
 * Words of a text as rules compare them: lower case, only letters and digits. "As soon-as possible!" → as soon as possible
 */
export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(word) ?? []
}

const word = /[\p{L}\p{N}]+/gu

/** Tells in one pass over a text which of many phrases are in it. */
export type PhraseFinder = (text: readonly string[], found: (phrase: number) => void) => void

/**
 * Finds whole words and phrases with the endings that English puts on the last of them: "quote" also finds "quotes" and
 * "quoted", not "quotent". One look-up a word of the text, however many phrases there are.
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
  return (text, found) => {
    for (let at = 0; at < text.length; at += 1) {
      const starting = byFirst.get(text[at] ?? '')
      if (starting === undefined) continue
      for (const phrase of starting) if (goesOn(phrase, text, at + 1)) found(phrase.index)
    }
  }
}

type Phrase = {
  readonly index: number
  /** The words after the first. */
  readonly rest: readonly string[]
  /** The forms of the last of them. */
  readonly last: ReadonlySet<string>
}

function goesOn({ rest, last }: Phrase, text: readonly string[], at: number): boolean {
  const end = rest.length - 1
  for (let n = 0; n <= end; n += 1) {
    const it = text[at + n]
    if (it === undefined || (n === end ? !last.has(it) : it !== rest[n])) return false
  }
  return true
}

const withEndings = (it: string) => ['', 's', 'es', 'd', 'ed', 'ing'].map((ending) => it + ending)
