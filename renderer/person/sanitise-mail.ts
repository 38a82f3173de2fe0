import DOMPurify, { type Config } from 'dompurify'

export type CleanMail = {
  readonly html: string
  /** Pictures and other things on other people's computers that were taken out and never asked for. */
  readonly blocked: number
}

/** HTML without scripts, forms, frames, SVG and MathML; one instance of DOMPurify per call, so hooks cannot leak. */
export const mailPolicy: Config = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'form',
    'input',
    'button',
    'textarea',
    'select',
    'option',
    'meta',
    'base',
    'link',
    'iframe',
    'frame',
    'frameset',
    'object',
    'embed',
    'dialog',
    'audio',
    'video',
    'source',
    'track',
    'picture',
    'template',
    'slot',
  ],
  FORBID_ATTR: [
    'srcset',
    'background',
    'poster',
    'lowsrc',
    'dynsrc',
    'ping',
    'action',
    'formaction',
    'target',
    'usemap',
  ],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  SANITIZE_NAMED_PROPS: true,
  WHOLE_DOCUMENT: false,
  // Keeps the style elements of the head, which most designed mails need.
  FORCE_BODY: true,
}

const rasterData = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif|x-icon|vnd\.microsoft\.icon);/i

/** Whether a picture is inside the mail itself. */
export const isOwnPicture = (source: string): boolean => rasterData.test(source.trim())

/**
 * Takes everything that could load something out of a style sheet or a style attribute.
 * The frame's own policy would block it, too; this is so that it can be counted and said.
 */
export function scrubCss(css: string): { readonly css: string; readonly blocked: number } {
  let blocked = 0
  const plain = css
    // Comments and escapes hide names from a pattern, so neither survives.
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, code: string) => letterOf(Number.parseInt(code, 16)))
    .replaceAll('\\', '')
  const scrubbed = plain
    .replace(/@import\b[^;]*;?/gi, () => {
      blocked += 1
      return ''
    })
    .replace(/(?:url|image-set|image|src)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*))\s*\)?/gi, (whole, a, b, c) => {
      if (isOwnPicture(String(a ?? b ?? c ?? ''))) return whole
      blocked += 1
      return 'none'
    })
  return { css: scrubbed, blocked }
}

const letterOf = (code: number) => (code > 0x1f && code <= 0x10_ffff ? String.fromCodePoint(code) : ' ')

/** Makes a stranger's HTML safe to show in the frame of {@link frameDocument}. Needs a real DOM: run it in the window. */
export function sanitiseMail(dirty: string): CleanMail {
  const purify = DOMPurify(window)
  let blocked = 0
  const scrub = (css: string) => {
    const result = scrubCss(css)
    blocked += result.blocked
    return result.css
  }
  purify.addHook('uponSanitizeElement', (node) => {
    if (node.nodeName === 'STYLE') node.textContent = scrub(node.textContent ?? '')
  })
  purify.addHook('uponSanitizeAttribute', (_node, data) => {
    if (data.attrName === 'style') data.attrValue = scrub(data.attrValue)
    if (['background', 'srcset', 'poster'].includes(data.attrName) && data.attrValue !== '') blocked += 1
  })
  purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName === 'IMG') {
      const source = node.getAttribute('src') ?? ''
      if (isOwnPicture(source)) return
      if (source !== '') blocked += 1
      node.removeAttribute('src')
    }
    if (node.nodeName === 'A' || node.nodeName === 'AREA') {
      const address = node.getAttribute('href')
      if (address === null) return
      // A new window is never opened: the click arrives at main, which asks the user (see the link dialog).
      node.setAttribute('target', '_blank')
      node.setAttribute('rel', 'noopener noreferrer')
      node.setAttribute('title', address)
    }
  })
  const html = purify.sanitize(dirty, mailPolicy) as string
  return { html, blocked }
}

const framePolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src 'none'; form-action 'none'; base-uri 'none'"

/** The whole document of the frame a mail is shown in. `paper` is the background it was most likely made for. */
export function frameDocument(cleanHtml: string, paper: 'light' | 'dark'): string {
  const colours = paper === 'light' ? 'background:#fff;color:#14171c' : 'background:#1a1b1e;color:#e9ebee'
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${framePolicy}"><meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off"><style>:root{color-scheme:${paper}}html,body{margin:0;${colours}}body{padding:12px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}img{max-width:100%;height:auto}img:not([src]){display:inline-block;min-width:16px;min-height:16px;outline:1px dashed #8886}table{max-width:100%}pre{white-space:pre-wrap}a{color:${paper === 'light' ? '#364fc7' : '#91a7ff'}}</style></head><body>${cleanHtml}</body></html>`
}
