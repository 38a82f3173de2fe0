/** One element of a TwiML document. */
export type TwimlNode = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: TwimlNode[]
  text: string
}

const TOKEN = /<\?xml[^?]*\?>|<(\/?)([A-Za-z][\w-]*)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y

/**
 * Reads inline TwiML as strictly as an XML parser would: what is not well-formed (an unescaped `&` or `<` in a number,
 * a tag left open) throws, because Twilio would end the call with error 12100 and nobody would be rung.
 */
export function parseTwiml(source: string): TwimlNode {
  const root: TwimlNode = { name: '#document', attributes: {}, children: [], text: '' }
  const open = [root]
  const token = new RegExp(TOKEN)
  let at = 0
  while (at < source.length) {
    token.lastIndex = at
    const match = token.exec(source)
    const parent = open.at(-1)
    if (match === null || parent === undefined) throw new Error(`TwiML is not well-formed at character ${at}`)
    at = token.lastIndex
    const [, closing, name, attributes, selfClosing, text] = match
    if (text !== undefined) parent.text += decodeEntities(text)
    else if (name === undefined) continue
    else if (closing === '/') {
      if (parent.name !== name) throw new Error(`TwiML closes ${name} inside ${parent.name}`)
      open.pop()
    } else {
      const node: TwimlNode = { name, attributes: readAttributes(attributes ?? ''), children: [], text: '' }
      parent.children.push(node)
      if (selfClosing !== '/') open.push(node)
    }
  }
  const response = root.children[0]
  if (open.length !== 1 || root.children.length !== 1 || response?.name !== 'Response') {
    throw new Error('TwiML must be one closed <Response>')
  }
  return response
}

/** The numbers the document's `<Dial>` rings, with the caller id they see. */
export function dialled(response: TwimlNode): {
  readonly numbers: readonly string[]
  readonly callerId: string | undefined
} {
  const dial = response.children.find((verb) => verb.name === 'Dial')
  if (dial === undefined) return { numbers: [], callerId: undefined }
  const nouns = dial.children.filter((noun) => noun.name === 'Number').map((noun) => noun.text.trim())
  const numbers = nouns.length > 0 ? nouns : [dial.text.trim()].filter((number) => number !== '')
  return { numbers, callerId: dial.attributes.callerId }
}

function readAttributes(source: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name, value] of source.matchAll(/([\w-]+)="([^"]*)"/g)) {
    if (name !== undefined && value !== undefined) found[name] = decodeEntities(value)
  }
  return found
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decodeEntities(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(text)) throw new Error('TwiML has a bare ampersand')
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return ENTITIES[name ?? ''] ?? ''
  })
}
