import type { Email } from 'postal-mime'

/**
 * The text of a mail in which the parser found none, because its structure is broken in one of the ways that programs
 * break it. What cannot be told is shown as it came: a lead in a broken mail is still a lead.
 * @param reparse parses the message with these headers in place of its own
 */
export async function rescueText(
  raw: Uint8Array,
  email: Email,
  reparse: (raw: Uint8Array) => Promise<Email>,
): Promise<Email> {
  if (email.text?.trim() || email.html?.trim()) return email
  const [first, ...rest] = email.attachments
  // "Content-Type: text" is no type, and its text was taken for a file.
  if (first && rest.length === 0 && !first.filename && !first.mimeType.includes('/')) {
    return { ...email, text: asText(first.content), attachments: [] }
  }
  if (email.attachments.length > 0) return email
  const whole = new TextDecoder().decode(raw.subarray(0, longest))
  const { head, body } = split(whole)
  if (body.trim() === '') return email
  const boundary = /^\s*--([^\s-][^\r\n]{0,69})\r?\n/.exec(body)?.[1]?.trim()
  if (boundary && !boundary.includes('"') && /^content-type:\s*multipart\//im.test(head)) {
    const headers = `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`
    const { text, html, attachments } = await reparse(Buffer.from(headers + body))
    if (text?.trim() || html?.trim()) return { ...email, text, html, attachments }
  }
  return { ...email, text: body.trim() }
}

// Of a mail that only an accident or an attack makes longer.
const longest = 1024 * 1024

/** At the first empty line, or where lines stop to look like headers. */
function split(whole: string): { readonly head: string; readonly body: string } {
  let end = 0
  for (const [line] of whole.matchAll(/[^\n]*(?:\n|$)/g)) {
    if (line.trim() === '' || !/^([!-9;-~]+[ \t]*:|[ \t]|From )/.test(line)) break
    end += line.length
  }
  return { head: whole.slice(0, end), body: whole.slice(end) }
}

function asText(content: Email['attachments'][number]['content']): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}
