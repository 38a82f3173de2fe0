/** A piece of a typed search, with its place in it. */
export type SearchToken =
  | { readonly kind: 'or'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'term'
      readonly not: boolean
      /** The word before the colon, lower case; null for plain words. */
      readonly operator: string | null
      /** Without its quotes. */
      readonly value: string
      readonly quoted: boolean
      readonly start: number
      readonly end: number
    }

/**
 * Cuts a typed search into words, "phrases", operator:values and OR. Takes any text; quotes that are not closed run to
 * the end.
 */
export function tokensOf(text: string): readonly SearchToken[] {
  const tokens: SearchToken[] = []
  // Names of operators are letters; "10:30" and "http://…" are words.
  const pattern = /(-)?(?:([a-z]{2,12}):(?!\/))?(?:"([^"]*)"?|([^\s"]+))?/giu
  for (const found of text.matchAll(pattern)) {
    const [whole, minus, operator, phrase, word] = found
    if (whole === '' || whole === '-') continue
    const start = found.index
    const end = start + whole.length
    if (word === 'OR' && !minus && !operator) {
      tokens.push({ kind: 'or', start, end })
      continue
    }
    const value = (phrase ?? word ?? '').replace(/\p{Cc}/gu, ' ').trim()
    if (value === '' && !operator) continue
    tokens.push({
      kind: 'term',
      not: minus !== undefined,
      operator: operator?.toLowerCase() ?? null,
      value,
      quoted: phrase !== undefined,
      start,
      end,
    })
  }
  return tokens
}
