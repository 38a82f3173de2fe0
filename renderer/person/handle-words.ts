import type { CardHandle } from '../../src/people/contract.ts'

/** What stands beside an address or number: what speaks against using it, else what it is. */
export function handleWords(
  handle: CardHandle,
  { line, when }: { readonly line: string | null; readonly when: (at: number) => string },
): readonly string[] {
  const { kind, valid, wrong, optedOutAt, optOut, first, blocked, label } = handle
  const told = (at: number, by: string | null) => ` since ${when(at)}${by === null ? '' : ` · ${by}`}`
  const words: string[] = []
  if (blocked) words.push(`blocked${told(blocked.at, blocked.by)}`)
  if (!valid) words.push(`wrong ${kind === 'email' ? 'address' : 'number'}${wrong ? told(wrong.at, wrong.by) : ''}`)
  if (optedOutAt !== null) {
    words.push(`no ${kind === 'email' ? 'mail' : 'texts'}${told(optedOutAt, optOut?.by ?? null)}`)
  }
  if (words.length > 0) return words
  return [first ? 'used first' : null, label ?? line].filter((it) => it !== null)
}
