export type TextPart = { readonly kind: 'text' | 'url' | 'mark'; readonly text: string }

const url = /\bhttps?:\/\/[^\s<>"'“”‘’]+[^\s<>"'“”‘’.,;:!?)\]]/giu

/** Cuts text into plain parts, web addresses and marked words. Marks win over nothing, addresses over marks. */
export function textParts(text: string, words: readonly string[]): readonly TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(url)) {
    parts.push(...markWords(text.slice(at, match.index), words), { kind: 'url', text: match[0] })
    at = match.index + match[0].length
  }
  return [...parts, ...markWords(text.slice(at), words)]
}

function markWords(text: string, words: readonly string[]): readonly TextPart[] {
  if (text === '') return []
  const wanted = words.filter((word) => word.trim() !== '')
  if (wanted.length === 0) return [{ kind: 'text', text }]
  const pattern = new RegExp(wanted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'giu')
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) })
    parts.push({ kind: 'mark', text: match[0] })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) })
  return parts
}
