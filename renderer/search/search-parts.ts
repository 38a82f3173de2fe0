import { isOperator, operators, operatorValues } from '../../src/inbox/search-query.ts'
import { tokensOf } from '../../src/inbox/search-tokens.ts'

/** A filter in the typed search, as its chip shows it. */
export type SearchChip = { readonly text: string; readonly start: number; readonly end: number; readonly not: boolean }

/** The filters in a typed search; words are no chips. */
export function chipsOf(text: string): readonly SearchChip[] {
  return tokensOf(text).flatMap((token) =>
    token.kind === 'term' && token.operator !== null && isOperator(token.operator) && token.value !== ''
      ? [{ text: `${token.operator}: ${token.value}`, start: token.start, end: token.end, not: token.not }]
      : [],
  )
}

/** The search without one of its filters. */
export const without = (text: string, { start, end }: SearchChip): string =>
  `${text.slice(0, start)}${text.slice(end)}`.replace(/\s+/g, ' ').trim()

export type Suggestion = {
  /** What the button says. */
  readonly label: string
  /** The whole search when it is taken. */
  readonly text: string
}

type Names = { readonly owner: readonly string[]; readonly label: readonly string[] }

const most = 7

/**
 * What could come next where the text ends: operators that begin so, or values of the one that was begun.
 * @param names those of the team and of the labels
 */
export function suggestionsFor(text: string, names: Names): readonly Suggestion[] {
  if (text === '') return starters.map((it) => ({ label: `${it}:`, text: `${it}:` }))
  if (/\s$/.test(text)) return []
  const last = tokensOf(text).at(-1)
  if (!last || last.kind === 'or' || last.end !== text.length || (last.quoted && last.operator === null)) return []
  const head = text.slice(0, last.start) + (last.not ? '-' : '')
  const begun = last.value.toLowerCase()
  if (last.operator === null) {
    return operators
      .filter((it) => it.startsWith(begun) && begun.length > 1)
      .slice(0, most)
      .map((it) => ({ label: `${it}:`, text: `${head}${it}:` }))
  }
  const { operator } = last
  if (!isOperator(operator)) return []
  const values = [...operatorValues[operator], ...(operator === 'owner' || operator === 'label' ? names[operator] : [])]
  return values
    .filter((it) => it.toLowerCase().startsWith(begun) && it.toLowerCase() !== begun)
    .slice(0, most)
    .map((it) => ({ label: `${operator}:${it}`, text: `${head}${operator}:${/\s/.test(it) ? `"${it}"` : it} ` }))
}

const starters = ['from', 'channel', 'has', 'on', 'score', 'is', 'owner'] as const
