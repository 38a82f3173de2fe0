// The chain grows with every answer; servers cut very long header lines, and the ends are what threads are joined by.
const longestChain = 40
const replyPrefixes = /^\s*((re|aw|sv|antw|odp|vs|rv|res)(\[\d+\])?\s*:\s*)+/i

/** A name for a mail that nobody else gives, in the sender's own domain, where receivers expect it. Without brackets. */
export function newMessageId(unique: string, from: string): string {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^a-z0-9.-]/gi, '')
  return `${unique}@${domain || 'deskbell.invalid'}`
}

/** The References of an answer: what the answered mail cited, then itself (RFC 5322, 3.6.4). Oldest first. */
export function referencesOf(answered: {
  readonly messageId: string | null
  readonly cited: readonly string[]
}): readonly string[] {
  const chain = [...new Set([...answered.cited, ...(answered.messageId ? [answered.messageId] : [])])]
  return chain.length <= longestChain ? chain : [...chain.slice(0, 1), ...chain.slice(1 - longestChain)]
}

/**
 * The subject of an answer: "Re: " once, whatever prefixes other programs left. A subject the user changed to something
 * else stays as it is.
 * @param typed what is in the subject line of the composer; may be empty
 */
export function answerSubject(typed: string, answered: string): string {
  const bare = typed.replace(replyPrefixes, '').trim()
  const original = answered.replace(replyPrefixes, '').trim()
  const changed = bare !== '' && bare !== original && !replyPrefixes.test(typed)
  if (changed) return typed.trim()
  return `Re: ${bare || original}`.trim()
}
