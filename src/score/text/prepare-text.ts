import { ownSubject } from '../words.ts'

/** A message as it is stored, as far as its meaning goes. */
export type MessageText = { readonly subject: string; readonly text: string }

// What somebody wants stands in the first page; the model reads English of this length in one go.
const mostWords = 200
const longestText = 20_000
// A line of "Best regards" in the middle of a mail is not its end.
const signatureLines = 8

const signOff =
  /^(best|kind|warm)? ?(regards|wishes)|^(sincerely|cheers|thanks|thank you|thx|yours|respectfully|best|love)( again| so much| in advance| very much| truly| sincerely)?[,.!]?$|^(mit freundlichen|viele|beste|liebe|herzliche) grüße|^(gruß|grüße|mfg|vg|lg)\b|^(saludos|un saludo|atentamente|gracias)[,.!]?$|^(cordialement|bien à vous|salutations)/i
const device = /^(sent|get|gesendet|enviado|envoyé) (from|outlook|von|desde|depuis|de)\b.{0,40}$/i

/**
 * The words by which a message is understood: the subject where it is their own, then what they wrote, without
 * quotes, signature and the insides of links; 200 words of it.
 */
export function prepareText({ subject, text }: MessageText): string {
  const own = ownSubject(subject).trim()
  const body = withoutSignature(text.slice(0, longestText).split('\n')).join('\n')
  const words = `${own === '' ? '' : `${own}. `}${body}`
    .replace(/<?\bhttps?:\/\/\S{0,500}|\bwww\.\S{1,500}/gi, ' link ')
    .replace(/[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,5}/g, ' address ')
    .split(/\s+/)
    .filter((word) => word !== '')
  return words
    .slice(0, mostWords)
    .map((word) => word.slice(0, longestWord))
    .join(' ')
}

// Nobody writes longer ones; the tokenizer's time grows with the square of a word's length.
const longestWord = 40

function withoutSignature(lines: readonly string[]): readonly string[] {
  const own = lines.filter((line) => !line.startsWith('>') && !device.test(line.trim()))
  const dashes = own.findIndex((line, at) => at > 0 && /^--\s*$/.test(line))
  const body = dashes > 0 ? own.slice(0, dashes) : own
  const from = Math.max(1, body.length - signatureLines)
  const end = body.findIndex((line, at) => at >= from && line.length < 40 && signOff.test(line.trim()))
  return end > 0 ? body.slice(0, end) : body
}
