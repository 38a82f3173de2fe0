const longest = 80

/** What a message is about as they put it themselves: its subject, else its first line, cut at a word. Empty for none. */
export function requestLine(subject: string, text: string): string {
  const bare = subject.replace(/^\s*((re|fwd?|aw|wg)\s*:\s*)+/i, '').trim()
  const firstLine = text.split('\n').find((it) => it.trim() !== '')
  const line = bare || (firstLine ?? '').trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/\s+\S*$/, '')}…`
}
