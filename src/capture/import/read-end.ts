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
