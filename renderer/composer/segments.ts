export type Segments = {
  readonly characters: number
  /** Parts the network cuts the text into; each is paid for. */
  readonly parts: number
  /** Characters left in the last part. */
  readonly left: number
  readonly alphabet: 'GSM-7' | 'UCS-2'
}

// GSM 03.38: the basic table, then the characters that need an escape and count twice.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const escaped = new Set('^{}\\[~]|€\f')

const sizes = { 'GSM-7': { single: 160, many: 153 }, 'UCS-2': { single: 70, many: 67 } } as const

/** How a text message is cut up on its way: 160 or 153 GSM-7 units a part, 70 or 67 as soon as one letter is not GSM-7. */
export function segments(text: string): Segments {
  const letters = [...text]
  const gsm = letters.every((it) => basic.has(it) || escaped.has(it))
  const alphabet = gsm ? 'GSM-7' : 'UCS-2'
  const units = letters.map((it) => (gsm ? (escaped.has(it) ? 2 : 1) : it.length))
  const total = units.reduce((sum, it) => sum + it, 0)
  const { single, many } = sizes[alphabet]
  const characters = letters.length
  if (total === 0) return { characters: 0, parts: 0, left: single, alphabet }
  if (total <= single) return { characters, parts: 1, left: single - total, alphabet }
  // A pair (an escape and its letter, two halves of an emoji) is never cut in two, so a part may end early.
  let parts = 1
  let used = 0
  for (const unit of units) {
    if (used + unit > many) {
      parts += 1
      used = 0
    }
    used += unit
  }
  return { characters, parts, left: many - used, alphabet }
}
