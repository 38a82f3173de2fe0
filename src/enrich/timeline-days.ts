import { day } from '../lib/durations.ts'

const months = [
  /^(?:jan|enero|janv)/u,
  /^(?:feb|fév)/u,
  /^(?:mar(?!d)|märz)/u,
  /^(?:apr|abr|avr)/u,
  /^(?:may|mai)/u,
  /^(?:jun|juin)/u,
  /^(?:jul|juil)/u,
  /^(?:aug|ago|août)/u,
  /^(?:sep)/u,
  /^(?:oct|okt)/u,
  /^(?:nov)/u,
  /^(?:dec|dez|dic|déc)/u,
]

const numbers: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  couple: 2,
  few: 3,
  einem: 1,
  einer: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  paar: 3,
  un: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
}

/**
 * Within how many days that is, at the latest: "in two weeks" → 14, "by the end of March" → until its last day.
 * @param words a time as {@link findTimelineWords} finds it
 * @param at when it was written, ms UTC
 * @returns null when it names none
 */
export function timelineDays(words: string, at: number): number | null {
  const text = words.toLowerCase().replace(/\s+/g, ' ')
  if (
    /asap|a\.s\.a\.p|as soon as|right away|immediately|urgent|möglich|sofort|dringend|antes posible|cuanto antes|dès que|plus vite|plus tôt|en urgence/u.test(
      text,
    )
  )
    return 0
  if (/today|tonight|heute|hoy|aujourd/u.test(text)) return 0
  if (/tomorrow|morgen|mañana|demain/u.test(text)) return 1
  return countedDays(text) ?? relativeDays(text) ?? monthDays(text, at)
}

function countedDays(text: string): number | null {
  const unit =
    /(days?|tage?n?|días?|jours?)|(weeks?|wochen?|semanas?|semaines?)|(months?|monate?n?|mes(?:es)?|mois)(?![\p{L}])/u.exec(
      text,
    )
  const amounts = [...text.matchAll(/\d+|[\p{L}]+/gu)]
    .map((it) => numbers[it[0]] ?? Number(it[0]))
    .filter((it) => Number.isFinite(it))
  if (!unit || amounts.length === 0) return null
  return Math.max(...amounts) * (unit[1] ? 1 : unit[2] ? 7 : 30)
}

function relativeDays(text: string): number | null {
  const isNext = /next|nächste|viene|próxim|prochain/u.test(text)
  if (/week|woche|semana|semaine/u.test(text)) return isNext ? 14 : 7
  if (/(?<![\p{L}])(?:month|monat|mes|mois)/u.test(text)) return isNext ? 60 : 30
  return null
}

function monthDays(text: string, at: number): number | null {
  const words = text.split(/[^\p{L}\d]+/u)
  const month = words.map((word) => months.findIndex((it) => it.test(word))).find((it) => it >= 0)
  if (month === undefined) return null
  const now = new Date(at)
  const year = Number(
    /20\d\d/.exec(text)?.[0] ?? (month < now.getUTCMonth() ? now.getUTCFullYear() + 1 : now.getUTCFullYear()),
  )
  const named = Number(/(?<!\d)(\d{1,2})(?!\d)/.exec(text)?.[1] ?? 0)
  const isEarly = /early|beginning|anfang|principios|début/u.test(text)
  const isBefore = /before|antes de|avant|\bvor\b/u.test(text)
  const isMid = /\bmid|middle|mitte|mi-|courant/u.test(text)
  // The day before the first of a month is the last of the one before.
  const date =
    named > 0
      ? Date.UTC(year, month, isBefore ? named : named + 1)
      : isBefore
        ? Date.UTC(year, month, 1)
        : isEarly
          ? Date.UTC(year, month, 11)
          : isMid
            ? Date.UTC(year, month, 21)
            : Date.UTC(year, month + 1, 1)
  return Math.max(0, Math.ceil((date - at) / day) - 1)
}
