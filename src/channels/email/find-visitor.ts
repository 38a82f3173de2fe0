import type { Party } from '../channel.ts'

// "E-Mail: ...", "Ihre E-Mail-Adresse  ...", "Téléphone : ...", a label at the start of a line and its answer after it.
const addressLabel =
  /^[ \t*•-]{0,8}(?:(?:your|ihre|votre|su)\s+)?(?:e-?mail|mail|correo|courriel)[\w\s-]{0,20}?\s*[:：|\t ]\s*/imu
const phoneLabel =
  /^[ \t*•-]{0,8}(?:(?:your|ihre|votre|su)\s+)?(?:phone|tele(?:ph|f)on\w*|tel|téléphone|teléfono|mobile?|mobil|handy|cell|call ?back)[\w\s.-]{0,20}?\s*[:：|\t ]\s*(\+?[\d(][\d\s()./-]{5,20}\d)/imu
const nameLabel =
  /^[ \t*•-]{0,8}(?:(?:your|ihr|votre|su)\s+)?(?:full[ -]?name|name|nom|nombre)\s*[:：|\t ]\s*(\p{L}[^\n:|]{1,80}?)\s*$/imu
const address = /[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+/

/**
 * The person whom a form names in its text, for forms that send as themselves and set no Reply-To. Only labelled
 * values count: an address in a footer is not the visitor's.
 */
export function findVisitor(whole: string, own: readonly string[]): Party[] {
  const text = whole.slice(0, 20_000)
  const name = nameLabel.exec(text)?.[1]?.trim() ?? null
  const parties: Party[] = []
  const label = addressLabel.exec(text)
  const line = label ? text.slice(label.index + label[0].length).split('\n', 1)[0] : undefined
  const found = line ? address.exec(line)?.[0].toLowerCase() : undefined
  if (found && !own.includes(found)) parties.push({ kind: 'email', value: found, name })
  const phone = phoneLabel.exec(text)?.[1]
  if (phone) parties.push({ kind: 'phone', value: phone.trim(), name })
  return parties
}
