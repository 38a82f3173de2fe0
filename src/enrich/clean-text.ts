import { closing } from './words.ts'

/** A mail cut into what they say and what stands below it. */
export type Parts = {
  readonly body: readonly string[]
  /** Null when nothing sets it off. */
  readonly signature: readonly string[] | null
  /** A delimiter or closing words, not only the looks of it, say that the signature starts there. */
  readonly certain: boolean
}

// A letter says who wrote it in its last lines; a pasted contract must not keep anybody busy.
const longestText = 12_000
const longestSignature = 25

const quoteStart =
  /^\s*(?:>|(?:on|am|le|el|op|il|em)\b.{4,200}\b(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu)\b.{0,80}:?\s*$|-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original|weitergeleitete nachricht)|begin forwarded message|_{10,}\s*$)/iu
const headerStart = /^\s*\*?(?:from|von|de|da)\s?:\*?\s.+/iu
const headerNext = /^\s*\*?(?:sent|date|to|gesendet|datum|an|envoyé|date|à|enviado|para|fecha|inviato)\s?:\*?\s/iu
const device =
  /^\s*(?:sent (?:from|via|using) |get (?:outlook|bluemail) for |gesendet (?:von|mit) |von meinem .{2,30} gesendet|envoyé (?:de|depuis) |enviado (?:desde|con|de) |inviato da |verzonden (?:vanaf|met) |sent by my )/iu
const disclaimer =
  /^\s*[*_]*(?:confidential|privileged|disclaimer|legal notice|privacy notice|this (?:e-?mail|message|communication|transmission)(?: \(including|,? and any|,? including| is | may | contains| was | has )|the (?:information|contents?) (?:contained )?(?:in|of) this|notice:|important notice|if you (?:are not|have received)|any views|please consider the environment|think before you print|virus-free|diese (?:e-?mail|nachricht)|der inhalt dieser|vertraulich|este (?:correo|mensaje|e-?mail)|aviso legal|la información contenida|de conformidad con|en cumplimiento|protección de datos|ce (?:message|courriel|mail)|les informations contenues|avis de confidentialité|unsubscribe|to unsubscribe|you (?:are )?receiv(?:ed|ing) this|irs circular|registered in (?:england|scotland|wales)|company (?:no|number|registration))/iu

/** Cuts what somebody wrote: quotes, device lines and legal texts go, the signature is set apart. */
export function cutText(text: string): Parts {
  const lines: string[] = []
  const all = text.slice(-longestText).replace(/\r\n?/g, '\n').split('\n')
  let isFine = false
  for (const [at, raw] of all.entries()) {
    const line = plain(raw)
    if (
      quoteStart.test(line) ||
      (headerStart.test(line) && all.slice(at + 1, at + 4).some((it) => headerNext.test(it)))
    )
      break
    // "On Mon, 3 May 2026 at 10:00, Dana Reed <dana@…>" breaks before "wrote:" where it is long.
    if (
      /^\s*(?:on|am|le|el)\b.{8,}$/iu.test(line) &&
      /(?:wrote|schrieb|a écrit|escribió)\s?:?\s*$/iu.test(all[at + 1] ?? '')
    )
      break
    if (disclaimer.test(line)) isFine = true
    // Small print goes on until an empty line; what follows it may be the signature again.
    if (line.trim() === '') isFine = false
    if (!isFine && !device.test(line)) lines.push(line)
  }
  while (lines.at(-1)?.trim() === '') lines.pop()
  return findSignature(lines)
}

function plain(line: string): string {
  return line
    .slice(0, 1000)
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/[\u00a0\u202f\u2007]/g, ' ')
    .replace(/\[(?:cid|image|logo|photo|facebook|instagram|linkedin|twitter|youtube)[^\]]*\]/gi, ' ')
    .replace(/<(?:https?|mailto|tel):[^>]*>/gi, ' ')
    .replace(/(\*+)([^*]+)\1/g, '$2')
}

function findSignature(lines: readonly string[]): Parts {
  const dashes = lines.findLastIndex((line) => /^\s*(?:--|—|__+|--+|~~+|==+|\*\*\*+)\s*$/.test(line))
  const closes = lines.findLastIndex((line) => line.length < 60 && closing.test(line.trim()))
  // Closing words come before the dashes of a mail program; the name between both belongs to it.
  const start = dashes >= 0 && closes >= 0 && closes < dashes && dashes - closes < 5 ? closes : Math.max(dashes, closes)
  if (start >= 0 && lines.length - start - 1 <= longestSignature) {
    return { body: lines.slice(0, start), signature: lines.slice(start + 1), certain: true }
  }
  const tail = tailBlock(lines)
  return tail === null
    ? { body: lines, signature: null, certain: false }
    : { body: lines.slice(0, tail), signature: lines.slice(tail), certain: false }
}

/** The last paragraph, when it consists of short lines that are no sentences. */
function tailBlock(lines: readonly string[]): number | null {
  let start = lines.length
  while (start > 0 && lines[start - 1]?.trim() !== '' && lines.length - start < 12) start -= 1
  const block = lines.slice(start)
  if (block.length < 2 || start === 0) return null
  return block.every((line) => line.length < 90 && !/[.!?]\s*$/.test(line.replace(/\b(?:inc|ltd|co|corp)\.\s*$/i, '')))
    ? start
    : null
}
