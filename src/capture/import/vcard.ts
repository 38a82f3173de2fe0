import type { RawRow, RawValue } from './candidate.ts'
import { decodeText, detectEncoding } from './decode-text.ts'

type Property = {
  readonly name: string
  readonly params: ReadonlyMap<string, string>
  readonly value: string
}

/**
 * The cards of a .vcf file of any number of them, versions 2.1 (quoted-printable), 3.0 and 4.0. A card that breaks off
 * is reported and costs none of the others.
 */
export function* readCards(bytes: Uint8Array): Generator<RawRow> {
  let card: Property[] | null = null
  let line = 0
  for (const text of contentLines(decodeText(bytes, detectEncoding(bytes)))) {
    const property = readProperty(text)
    if (!property) continue
    const mark = property.value.trim().toUpperCase()
    if (property.name === 'BEGIN' && mark === 'VCARD') {
      if (card) yield { line: ++line, values: valuesOf(card), broken: brokenOff }
      card = []
    } else if (property.name === 'END' && mark === 'VCARD') {
      if (card) yield { line: ++line, values: valuesOf(card), broken: null }
      card = null
    } else card?.push(property)
  }
  if (card) yield { line: ++line, values: valuesOf(card), broken: brokenOff }
}

const brokenOff = 'This card breaks off in the middle.'

/** Lines as they were before they were folded: continued by a blank, or by `=` in quoted-printable. */
function* contentLines(pieces: Iterable<string>): Generator<string> {
  let held: string | null = null
  for (const line of linesOf(pieces)) {
    if (held !== null && isSoftBreak(held)) held = `${held.slice(0, -1)}${line.replace(/^[ \t]/, '')}`
    else if (held !== null && /^[ \t]/.test(line)) held += line.slice(1)
    else {
      if (held !== null) yield held
      held = line
    }
  }
  if (held !== null) yield held
}

const isSoftBreak = (line: string) => line.endsWith('=') && /^[^:]*;(ENCODING=)?QUOTED-PRINTABLE/i.test(line)

function* linesOf(pieces: Iterable<string>): Generator<string> {
  let rest = ''
  for (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

/** `item1.TEL;TYPE=work:+1…`, its group left out; null for what is no property. */
function readProperty(text: string): Property | null {
  const at = colonOf(text)
  if (at < 0) return null
  const [head = '', ...rest] = text.slice(0, at).split(';')
  const params = new Map<string, string>()
  for (const param of rest) {
    const [key = '', value] = param.split('=')
    // Version 2.1 leaves the names of parameters out.
    if (value !== undefined) params.set(key.toUpperCase(), value.replaceAll('"', ''))
    else if (/^(quoted-printable|base64)$/i.test(key)) params.set('ENCODING', key)
  }
  return { name: head.slice(head.lastIndexOf('.') + 1).toUpperCase(), params, value: text.slice(at + 1) }
}

/** The first colon outside of quotes: parameters may hold one in them. */
function colonOf(text: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted
    else if (text[at] === ':' && !quoted) return at
  }
  return -1
}

function valuesOf(card: readonly Property[]): RawValue[] {
  const texts = (name: string) => card.filter((it) => it.name === name).map(plainValue)
  const value = (field: RawValue['field'], text: string | undefined, label = ''): RawValue[] =>
    text?.trim() ? [{ field, label, value: text.trim() }] : []
  const [family = '', given = '', middle = ''] = splitEscaped(texts('N')[0] ?? '', ';')
  const full = unescaped(texts('FN')[0] ?? '') || [given, middle, family].map(unescaped).filter(Boolean).join(' ')
  const organisation = splitEscaped(texts('ORG')[0] ?? '', ';').map(unescaped)
  // A card of a company has no other name than that.
  return [
    ...value('name', full),
    ...value('company', organisation[0]),
    ...value('title', unescaped(texts('TITLE')[0] ?? texts('ROLE')[0] ?? '')),
    ...texts('EMAIL').flatMap((it) => value('email', unescaped(it).replace(/^mailto:/i, ''))),
    // An extension is not part of the number: tel:+1-415-555-0187;ext=12
    ...texts('TEL').flatMap((it) => value('phone', unescaped(it).replace(/^tel:/i, '').replace(/;.*$/, ''))),
    ...texts('NOTE').flatMap((it) => value('note', unescaped(it))),
  ]
}

function plainValue({ params, value }: Property): string {
  if (!/^(quoted-printable|q)$/i.test(params.get('ENCODING') ?? '')) return value
  const bytes: number[] = []
  const text = value.replace(/=\n/g, '')
  for (let at = 0; at < text.length; at++) {
    const hex = /^=([0-9a-f]{2})/i.exec(text.slice(at, at + 3))?.[1]
    if (hex) at += 2
    if (hex) bytes.push(Number.parseInt(hex, 16))
    else bytes.push(...Buffer.from(text[at] ?? ''))
  }
  return decoderFor(params.get('CHARSET')).decode(Uint8Array.from(bytes)).replaceAll('\r\n', '\n')
}

function decoderFor(charset: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset ?? 'utf-8')
  } catch {
    return new TextDecoder('utf-8')
  }
}

/** At unescapedd separators only. */
function splitEscaped(text: string, separator: string): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') parts[parts.length - 1] += char + (text[++at] ?? '')
    else if (char === separator) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts
}

const unescaped = (text: string) =>
  text.replace(/\\(.)/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char))
