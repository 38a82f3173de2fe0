import EmailReplyParser from 'email-reply-parser'

export type TextSegment = {
  readonly kind: 'text' | 'quote'
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
const mostLines = 400
const mostHeaders = 4
const headerWord = /schreef|skrev|pisze|napisa|写道/g
// A superset of what the parser takes for the beginning of a quote. It is slow (a millisecond a page), and most mails
// quote nothing.
const quoteHint =
  /^\s*>|wrote|écrit|escribió|scritto|escreveu|schrieb|schreef|pisze|napisa|skrev|kirjoitti|写道|작성|のメッセージ|^\s*(From|Von|De|Van|Da)\s?:|original message|oprindelig besked|message d.origine|ursprüngliche nachricht|>\s*:\s*$|^ср,/i
// "On Friday, 20 November 2026 at 11:30,\nShop\n<info@shop.test> wrote:" begins above the word that gives it away.
const linesAbove = 4

/**
 * Tells what a sender wrote from what was quoted. Nothing is ever dropped: quotes are segments that a reader folds and
 * unfolds.
 */
export function splitQuote(text: string): QuoteSplit {
  const lines = text.split('\n')
  const segments = inSegments(lines, classifyLines(lines))
  const filled = (kind: TextSegment['kind']) =>
    segments.filter((segment) => segment.kind === kind && segment.text.trim() !== '')
  const own = filled('text')
  const quotes = filled('quote')
  if (own.length === 0 || quotes.length === 0) {
    return { segments: [{ kind: 'text', text }], visible: text.trim(), quoted: null, interleaved: false }
  }
  const together = (parts: readonly TextSegment[]) => parts.map((part) => part.text.trim()).join('\n\n')
  return {
    segments,
    visible: together(own),
    quoted: together(quotes),
    interleaved: segments.findLastIndex((it) => own.includes(it)) > segments.findIndex((it) => it.kind === 'quote'),
  }
}

function inSegments(lines: readonly string[], kinds: readonly TextSegment['kind'][]): TextSegment[] {
  const segments: { kind: TextSegment['kind']; lines: string[] }[] = []
  lines.forEach((line, index) => {
    const kind = kinds[index] ?? 'text'
    const open = segments.at(-1)
    // An empty line between two segments stays with the upper one.
    if (open && (open.kind === kind || line.trim() === '')) open.lines.push(line)
    else segments.push({ kind, lines: [line] })
  })
  return segments.map(({ kind, lines: own }, index) => ({
    kind,
    text: own.join('\n') + (index < segments.length - 1 ? '\n' : ''),
  }))
}

function classifyLines(lines: readonly string[]): TextSegment['kind'][] {
  const kinds: TextSegment['kind'][] = lines.map(() => 'text')
  const short = lines.map((line) => line.trimEnd().slice(0, longestLine))
  const hint = short.findIndex((line) => quoteHint.test(line))
  if (hint >= 0) {
    const shown = choose(short, Math.max(0, hint - linesAbove))
    const found = askParser(shown.map((index) => short[index] ?? ''))
    shown.forEach((index, place) => {
      // Lines that were not shown are like the one above them.
      kinds.fill(found[place] ?? 'text', index, shown[place + 1])
    })
  }
  const outlook = outlookHeaderLine(short)
  return outlook >= 0 ? kinds.fill('quote', outlook) : kinds
}

/** Which lines the parser gets to see: of a run of marked lines the first one is enough. */
function choose(lines: readonly string[], from: number): number[] {
  const shown: number[] = []
  let headers = 0
  for (let index = from; index < lines.length && shown.length < mostLines; index++) {
    const line = lines[index] ?? ''
    headers += line.match(headerWord)?.length ?? 0
    if (headers > mostHeaders) break
    if (!line.startsWith('>') || !lines[index - 1]?.startsWith('>')) shown.push(index)
  }
  return shown
}

/**
 * The parser answers with fragments of text that lost some white space, so that its answer is laid over the lines by
 * counting the other characters.
 */
function askParser(lines: readonly string[]): TextSegment['kind'][] {
  const fragments = new EmailReplyParser().read(lines.join('\n')).getFragments()
  const solid = (part: string) => part.replace(/\s+/g, '').length
  const total = lines.reduce((sum, line) => sum + solid(line), 0)
  const counted = fragments.reduce((sum, fragment) => sum + solid(fragment.getContent()), 0)
  // The parser rewrote the text (a `$&` in a quote header does that): fall back to the marks alone.
  if (counted !== total) return lines.map((line) => (line.startsWith('>') ? 'quote' : 'text'))

  const kinds: TextSegment['kind'][] = []
  let passed = 0
  let end = 0
  for (const fragment of fragments) {
    end += solid(fragment.getContent())
    while (kinds.length < lines.length && passed < end) {
      passed += solid(lines[kinds.length] ?? '')
      kinds.push(fragment.isQuoted() ? 'quote' : 'text')
    }
  }
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
