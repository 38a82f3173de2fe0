/**
 * Reads the amount that can be counted on out of what somebody wrote into a budget field: the lower end of a range,
 * the ceiling of an "up to". "18,000 – 25,000" → 18000, "$7.5k" → 7500, "unter 5.000 €" → null for lack of the word.
 *
 * @returns whole currency units, or null when there is no amount
 */
export function readBudget(text: string): number | null {
  const answer = text.slice(0, longestAnswer)
  const amounts = [...answer.matchAll(amount)].map(readAmount).filter((it): it is Amount => it !== null)
  const [first, second] = amounts
  if (!first) return null
  // "5-10k": the k belongs to both.
  const borrowed =
    first.scale === 1 && second && second.scale > 1 && first.value < second.value ? second.scale : first.scale
  const value = first.value * borrowed
  const isBelow = /(under|below|less than|<)\s*[^\d]{0,4}$/i.test(answer.slice(0, first.index))
  return isBelow ? value - 1 : value
}

/** The budget in running text, where a number alone means nothing: only next to the word or with a currency. */
export function findBudget(text: string): number | null {
  const near = /budget\b[^.\n]{0,30}?([$€£]?\s?\d[\d.,]*\s*(?:k|thousand|grand)?\b[^.\n]{0,20})/i.exec(text)
  return near?.[1] ? readBudget(near[1]) : null
}

// An amount takes a line; the patterns take long over a field full of mischief.
const longestAnswer = 300

const amount = /(\d[\d.,' \u00a0\u202f]*\d|\d)\s*(k\b|m\b|thousand|grand|mil\b|million|tausend)?/gi

type Amount = { readonly value: number; readonly scale: number; readonly index: number }

function readAmount(match: RegExpMatchArray): Amount | null {
  const value = readNumber(match[1] ?? '')
  if (!Number.isFinite(value)) return null
  const unit = (match[2] ?? '').toLowerCase()
  const scale = unit === '' ? 1 : unit === 'm' || unit === 'million' ? 1_000_000 : 1000
  return { value, scale, index: match.index ?? 0 }
}

/** Reads 18,000 · 18.000 · 18 000 · 1.250,50 · 7.5 by where its separators stand. */
function readNumber(written: string): number {
  const digits = written.replace(/[' \u00a0\u202f]/g, '')
  const lastDot = digits.lastIndexOf('.')
  const lastComma = digits.lastIndexOf(',')
  const last = Math.max(lastDot, lastComma)
  if (last < 0) return Number(digits)
  const both = lastDot >= 0 && lastComma >= 0
  const grouped = /^\d{1,3}([.,]\d{3})+$/.test(digits)
  // One kind of separator in front of exactly three digits groups thousands; of two kinds the last is the decimal.
  if (!both && grouped) return Number(digits.replace(/[.,]/g, ''))
  return Number(`${digits.slice(0, last).replace(/[.,]/g, '')}.${digits.slice(last + 1)}`)
}
