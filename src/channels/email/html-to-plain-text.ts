import { convert, type HtmlToTextOptions } from 'html-to-text'

const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 200, ellipsis: '…' },
  selectors: [
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'h2', options: { uppercase: false } },
    { selector: 'h3', options: { uppercase: false } },
    { selector: 'h4', options: { uppercase: false } },
    { selector: 'h5', options: { uppercase: false } },
    { selector: 'h6', options: { uppercase: false } },
    { selector: 'tr', format: 'row' },
    { selector: 'blockquote', format: 'blockquote', options: { trimEmptyLines: true } },
  ],
  formatters: {
    // Form notifications are tables of "label | answer": each row becomes a line, cells a space apart.
    row: (elem, walk, builder) => {
      builder.openBlock({ leadingLineBreaks: 1 })
      for (const cell of elem.children ?? []) {
        walk([cell], builder)
        builder.addInline(' ')
      }
      builder.closeBlock({ trailingLineBreaks: 1 })
    },
  },
}

// More than anybody reads; the HTML itself is kept whole.
const longest = 256 * 1024
// Marketing mails nest dozens of tables. The parser's time grows with the square of the depth.
const deepest = 1000
const neverClosed = /^(area|base|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|source|td|th|tr|wbr)$/i

/** The HTML as a reader would see it, for lists, search and scoring. Never throws. */
export function htmlToPlainText(whole: string): string {
  const html = whole.slice(0, longest)
  if (depthOf(html) > deepest) return withoutTags(html)
  try {
    return convert(html, options)
  } catch {
    return withoutTags(html)
  }
}

function depthOf(html: string): number {
  let depth = 0
  let most = 0
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]{0,20})/gi)) {
    if (neverClosed.test(name)) continue
    depth = slash ? Math.max(0, depth - 1) : depth + 1
    most = Math.max(most, depth)
  }
  return most
}

/** In one pass: patterns that look for the end of a tag which never comes take forever. */
function withoutTags(html: string): string {
  return html
    .split('<')
    .map((piece, index) => (index === 0 ? piece : piece.slice(piece.indexOf('>') + 1)))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}
