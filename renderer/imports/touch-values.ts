import { type TouchKind, touchNames } from '../../src/capture/contract.ts'

/** Their names do as sources until somebody types a better one. */
export function sourceAfter(kind: TouchKind, before: { readonly kind: TouchKind; readonly source: string }): string {
  const isOurs = before.source.trim() === '' || before.source === defaultSource(before.kind)
  return isOurs ? defaultSource(kind) : before.source
}

/** "Other" says nothing: there the user has to. */
export const defaultSource = (kind: TouchKind): string => (kind === 'other' ? '' : touchNames[kind])

export type NewPerson = {
  readonly name: string
  readonly email: string
  readonly phone: string
  /** What else stood on their card. */
  readonly card?: OnCard
}

export type OnCard = {
  readonly company: string
  readonly title: string
  /** The other numbers and addresses on it. */
  readonly more: readonly MoreOnCard[]
}

export type MoreOnCard = {
  readonly kind: 'phone' | 'email'
  readonly value: string
  readonly label: string | null
  readonly isKept: boolean
}

type CardText = {
  readonly name: string | null
  readonly company: string | null
  readonly title: string | null
  readonly phones: readonly { readonly display: string; readonly label: string | null }[]
  readonly emails: readonly string[]
}

/** What was read from a card, as something to check: of several numbers the mobile one first. */
export function fromCard(card: CardText): NewPerson {
  const phone = card.phones.find((it) => it.label === 'mobile') ?? card.phones[0]
  return {
    name: card.name ?? '',
    email: card.emails[0] ?? '',
    phone: phone?.display ?? '',
    card: {
      company: card.company ?? '',
      title: card.title ?? '',
      more: [
        ...card.phones
          .filter((it) => it !== phone)
          .map(({ display, label }) => ({ kind: 'phone' as const, value: display, label, isKept: true })),
        ...card.emails.slice(1).map((value) => ({ kind: 'email' as const, value, label: null, isKept: true })),
      ],
    },
  }
}

/** What was looked for, put where it belongs: an address, a number or a name. */
export function newFrom(text: string): NewPerson {
  const typed = text.trim()
  if (typed.includes('@')) return { name: '', email: typed, phone: '' }
  if (/^[+(\d][\d\s()./-]{4,}$/.test(typed)) return { name: '', email: '', phone: typed }
  return { name: typed, email: '', phone: '' }
}
