export type EndedAs = 'won' | 'lost' | 'disqualified'

const words: Readonly<Record<EndedAs, RegExp>> = {
  won: /^((closed?|deal)?(won|win)|sold|paid|customer|converted|yes|y|true|1|gewonnen|kunde|ja)$/,
  lost: /^((closed?|deal)?(lost|loss)|dead|no|n|false|0|verloren|nein)$/,
  disqualified: /^(disqualified|unqualified|notqualified|junk|spam|bad|disqualifiziert)$/,
}

/** What a list calls the end of a lead. @returns null for "open", blanks and words that say neither */
export function readEnd(written: string): EndedAs | null {
  const plain = written.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const found = Object.entries(words).find(([, pattern]) => pattern.test(plain))
  return (found?.[0] as EndedAs | undefined) ?? null
}

/** An amount of money as lists write it: "$12,500.00", "12.500,00 €", "12500". @returns null when it is none */
export function readValue(written: string): number | null {
  const digits = written.replace(/[^\d.,]/g, '')
  if (!/\d/.test(digits) || /-/.test(written)) return null
  // The last mark is the point when one or two digits follow it.
  const [, whole = digits, cents = ''] = /^(.*)[.,](\d{1,2})$/.exec(digits) ?? []
  const value = Number(`${whole.replace(/[.,]/g, '')}.${cents || '0'}`)
  return Number.isFinite(value) && value <= 1e10 ? value : null
}
