export type LinkDescription = {
  /** Who the link leads to, as the network reads it: look-alike letters show as `xn--…`. */
  readonly host: string
  readonly address: string
  readonly openable: boolean
  readonly warning: string | null
}

/** What a person must know about a link before it is opened. */
export function describeLink(url: string): LinkDescription {
  if (!URL.canParse(url)) {
    return { host: 'Not a working address', address: url, openable: false, warning: 'This cannot be opened.' }
  }
  const parsed = new URL(url)
  const address = parsed.href
  if (parsed.protocol === 'mailto:' || parsed.protocol === 'tel:') {
    return { host: decode(parsed.pathname), address, openable: true, warning: null }
  }
  const host = parsed.hostname
  if (parsed.protocol !== 'https:') {
    const warning =
      parsed.protocol === 'http:'
        ? 'This address is not encrypted (http), so Deskbell does not open it. Copy it if you trust it.'
        : 'Deskbell opens web, mail and telephone links only.'
    return { host: host || parsed.protocol, address, openable: false, warning }
  }
  return { host, address, openable: true, warning: warningOf(parsed) }
}

function warningOf(url: URL): string | null {
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) {
    return 'This name is written with letters of another alphabet. Such names are used to imitate well-known ones.'
  }
  if (url.username !== '') return 'The part before the @ is not where this leads. It leads to the name above.'
  if (/^[\d.]+$/.test(url.hostname) || url.hostname.startsWith('['))
    return 'This leads to a bare number instead of a name.'
  return null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
