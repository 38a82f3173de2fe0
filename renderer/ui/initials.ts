/** "Ana Lopez" → "AL", "+1 415 …" → "#", "Kestrel Moves · Jo Baker" → "KM". Whole characters, also outside the BMP. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s·,.@_-]+/u)
    .filter((word) => /^\p{L}/u.test(word))
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '')
  if (letters.length > 0) return letters.join('').toLocaleUpperCase()
  return /\d/.test(name) ? '#' : '?'
}

export const tints = ['indigo', 'teal', 'orange', 'grape', 'cyan', 'lime', 'pink', 'blue'] as const

/** One of a few colours, the same every time. */
export function tint(name: string): (typeof tints)[number] {
  let sum = 7
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 100_003
  return tints[sum % tints.length] ?? 'indigo'
}
