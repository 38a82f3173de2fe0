export type MentionSpot = {
  /** Where the `@` stands. */
  readonly start: number
  readonly end: number
  /** What was typed behind it, lower case. */
  readonly begun: string
}

const longest = 40

/** The `@na` that is being typed where the caret stands, if any. An `@` inside a word, as in an address, is none. */
export function mentionAt(text: string, caret: number): MentionSpot | null {
  const found = /(?:^|[^\p{L}\p{N}._%+-])@([\p{L}\p{N}' -]*)$/u.exec(text.slice(0, caret))
  const begun = found?.[1]
  if (begun === undefined || begun.length > longest || /\s{2,}|^\s/.test(begun)) return null
  return { start: caret - begun.length - 1, end: caret, begun: begun.toLocaleLowerCase() }
}

/** Members whose name, or a part of it, begins with what was typed. */
export function membersFor<T extends { readonly name: string }>(
  spot: MentionSpot,
  members: readonly T[],
): readonly T[] {
  return members.filter(({ name }) => {
    const lower = name.toLocaleLowerCase()
    // Fully typed already: there is nothing to suggest.
    if (lower === spot.begun.trimEnd()) return false
    return lower.startsWith(spot.begun) || lower.split(/\s+/).some((part) => part.startsWith(spot.begun))
  })
}

/** The text with the name put in, and where the caret belongs then. */
export function withMention(
  text: string,
  spot: MentionSpot,
  name: string,
): { readonly text: string; readonly caret: number } {
  const before = `${text.slice(0, spot.start)}@${name} `
  return { text: before + text.slice(spot.end).replace(/^ /, ''), caret: before.length }
}
