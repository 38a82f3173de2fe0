import { fold, indexOfTerm, type Term, wordPattern } from './search-words.ts'

// Marks around a match in a snippet: private-use characters, so that the window needs no HTML.
export const markStart = '\uE000'
export const markEnd = '\uE001'

const wordsBefore = 6
const wordsAfter = 14

/**
 * The piece of the first text that holds a term, with every match in it marked, on one line. Made here and not by the
 * index, which opens all matches of a word anew for each row it is asked about.
 */
export function snippetOf(texts: readonly string[], terms: readonly Term[]): string {
  for (const text of texts) {
    const plain = text.replace(/[\uE000\uE001]/g, '')
    const words = [...plain.matchAll(wordPattern)].map((it) => ({ at: it.index, text: it[0] }))
    const folded = words.map((it) => fold(it.text))
    const places = terms.map((term) => indexOfTerm(folded, term)).filter((it) => it >= 0)
    if (places.length === 0) continue
    const first = Math.max(0, Math.min(...places) - wordsBefore)
    const last = Math.min(words.length - 1, first + wordsBefore + wordsAfter)
    const from = first === 0 ? 0 : (words[first]?.at ?? 0)
    const end = words[last]
    const to = last === words.length - 1 ? plain.length : (end?.at ?? 0) + (end?.text.length ?? 0)
    const piece = markTerms(plain.slice(from, to), terms).replace(/\s+/g, ' ').trim()
    return `${from > 0 ? '…' : ''}${piece}${to < plain.length ? '…' : ''}`
  }
  return ''
}

/** Marks the words of the terms wherever they stand in a short text. */
export function markTerms(text: string, terms: readonly Term[]): string {
  return text.replace(wordPattern, (word) => {
    const folded = fold(word)
    const matches = terms.some(({ words, begins }) =>
      words.some((it, at) => (begins && at === words.length - 1 ? folded.startsWith(it) : folded === it)),
    )
    return matches ? `${markStart}${word}${markEnd}` : word
  })
}
