import { convert, type HtmlToTextOptions } from 'html-to-text'

const options: HtmlToTextOptions = {
  wordwrap: false,
  // Marketing mails nest a thousand tables; a crafted one nests a million to exhaust the stack.
  limits: { maxInputLength: 256 * 1024, maxDepth: 200, ellipsis: '…' },
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

/** The HTML as a reader would see it, for lists, search and scoring. Never throws. */
export function htmlToPlainText(html: string): string {
  try {
    return convert(html, options)
  } catch {
    return withoutTags(html)
  }
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
