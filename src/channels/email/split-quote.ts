import EmailReplyParser from 'email-reply-parser'

export type TextSegment = {
  readonly kind: 'text' | 'quote' | 'signature'
  /** As it stands in the mail: all segments joined are the mail's text, character for character. */
  readonly text: string
}

export type QuoteSplit = {
  readonly segments: readonly TextSegment[]
  /** What the sender wrote now, signature and all; the whole text when there are only quotes (a forwarded mail). */
  readonly visible: string
  /** The rest, to be folded; null when nothing is quoted. */
  readonly quoted: string | null
  /** Own words stand below or between quoted lines, where folding would hide an answer. */
  readonly interleaved: boolean
}

// The parser's patterns back up over long lines and texts, in the worst case with the cube of the length, and anybody
// may mail us such a text. Only this much is shown to it; whatever is beyond belongs to the last segment.
const longestLine = 200
const mostLines = 600
const mostHeaders = 4
const headerWord = /schreef|skrev|pisze|napisa|写道/g

/**
 * Tells what a sender wrote from what was quoted. Nothing is ever dropped: quotes and signatures are segments that a
 * reader folds and unfolds.
 */
export function splitQuote(text: string): QuoteSplit {
  const lines = text.split('\n')
  const head = safeHead(lines)
  const kinds = classifyLines(head)
  const outlook = outlookHeaderLine(head)
  if (outlook >= 0) kinds.fill('quote', outlook)

  const last = kinds.at(-1) ?? 'text'
  const segments: { kind: TextSegment['kind']; lines: string[] }[] = []
  lines.forEach((line, index) => {
    const kind = kinds[index] ?? last
    const open = segments.at(-1)
    // An empty line between two segments stays with the upper one.
    if (open && (open.kind === kind || line.trim() === '')) open.lines.push(line)
    else segments.push({ kind, lines: [line] })
  })
  const joined = segments.map(({ kind, lines: own }, index) => ({
    kind,
    text: own.join('\n') + (index < segments.length - 1 ? '\n' : ''),
  }))
  const own = joined.filter((segment) => segment.kind !== 'quote' && segment.text.trim() !== '')
  if (own.length === 0) {
    return { segments: [{ kind: 'text', text }], visible: text.trim(), quoted: null, interleaved: false }
  }
  const firstQuote = joined.findIndex((segment) => segment.kind === 'quote')
  const lastOwn = joined.findLastIndex((segment) => segment.kind === 'text' && segment.text.trim() !== '')
  return {
    segments: joined,
    visible: own
      .map((segment) => segment.text.trim())
      .join('\n\n')
      .trim(),
    quoted:
      firstQuote < 0
        ? null
        : joined
            .flatMap((it) => (it.kind === 'quote' ? [it.text] : []))
            .join('\n')
            .trim(),
    interleaved: firstQuote >= 0 && lastOwn > firstQuote,
  }
}

function safeHead(lines: readonly string[]): string[] {
  const head: string[] = []
  let headers = 0
  for (const line of lines.slice(0, mostLines)) {
    const short = line.trimEnd().slice(0, longestLine)
    headers += short.match(headerWord)?.length ?? 0
    if (headers > mostHeaders) break
    head.push(short)
  }
  return head
}

/**
 * The parser answers with fragments of text that lost some white space, so that its answer is laid over the lines by
 * counting the other characters.
 */
function classifyLines(lines: readonly string[]): TextSegment['kind'][] {
  const fragments = new EmailReplyParser().read(lines.join('\n')).getFragments()
  const solid = (part: string) => part.replace(/\s+/g, '').length
  const total = lines.reduce((sum, line) => sum + solid(line), 0)
  const counted = fragments.reduce((sum, fragment) => sum + solid(fragment.getContent()), 0)
  // The parser rewrote the text (a `$&` in a quote header does that): fall back to the marks alone.
  if (counted !== total) return lines.map((line) => (line.startsWith('>') ? 'quote' : 'text'))

  const kinds: TextSegment['kind'][] = []
  let index = 0
  let passed = 0
  let end = 0
  for (const fragment of fragments) {
    end += solid(fragment.getContent())
    const kind = fragment.isQuoted() ? 'quote' : fragment.isSignature() ? 'signature' : 'text'
    while (index < lines.length && passed < end) {
      passed += solid(lines[index] ?? '')
      kinds.push(kind)
      index++
    }
  }
  while (kinds.length < lines.length) kinds.push(kinds.at(-1) ?? 'text')
  return kinds
}

const fromLine = /^\**(From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|差出人|发件人)\**\s?[:：]/i
const moreLines =
  /^\**(Sent|Date|To|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado( el)?|Fecha|Para|Asunto|Assunto|Inviato|Data|A|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Til|Emne)\**\s?[:：]/i

/** Outlook quotes with a block of headers and no marks at all: everything below it is the earlier mail. */
function outlookHeaderLine(lines: readonly string[]): number {
  return lines.findIndex((line, index) => {
    if (!fromLine.test(line)) return false
    const next = lines.slice(index + 1, index + 6)
    return next.filter((other) => moreLines.test(other)).length >= 2
  })
}
