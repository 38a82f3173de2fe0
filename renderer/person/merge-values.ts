import type { PersonCard } from '../../src/people/contract.ts'

export type Side = 'left' | 'right'
export type MergeField = 'name' | 'company' | 'title' | 'owner'
export type Choices = Readonly<Record<MergeField, Side>>

export const fieldNames: Readonly<Record<MergeField, string>> = {
  name: 'Name',
  company: 'Company',
  title: 'Title',
  owner: 'Owner',
}

const fields = Object.keys(fieldNames) as MergeField[]

/** What a card says for a line of the comparison; null when nothing. */
export function cardValue(card: PersonCard, field: MergeField): string | null {
  if (field === 'owner') return card.lead?.row.owner?.name ?? null
  return card[field] || null
}

/** Lines that are worth showing: what either of them has. */
export const shownFields = (left: PersonCard, right: PersonCard) =>
  fields.filter((it) => cardValue(left, it) !== null || cardValue(right, it) !== null)

/** Both say something, and not the same. Nobody has two owners, so that one is asked only where both are open. */
export function isChoice(left: PersonCard, right: PersonCard, field: MergeField): boolean {
  const [a, b] = [cardValue(left, field), cardValue(right, field)]
  if (a === null || b === null || a === b) return false
  return field !== 'owner' || (isOpen(left) && isOpen(right))
}

/** A full name beats a number or an address that stands in for one; else the one who was opened stays as they are. */
export function firstChoices(left: PersonCard, right: PersonCard): Choices {
  const side = (field: MergeField): Side => (cardValue(left, field) === null ? 'right' : 'left')
  const name = isStandIn(left.name) && !isStandIn(right.name) ? 'right' : 'left'
  return { name, company: side('company'), title: side('title'), owner: side('owner') }
}

const isStandIn = (name: string) => /^[+(\d][\d\s()./-]+$/.test(name) || /^\S+@\S+$/.test(name)

/**
 * What the engine is asked. Of two open leads the owner of the one who stays goes on, so who stays follows from whose
 * owner was chosen; the ids are nothing that anybody sees.
 */
export function mergeInput(left: PersonCard, right: PersonCard, choices: Choices) {
  const of = (field: MergeField) => cardValue(choices[field] === 'left' ? left : right, field)
  const keepsRight = isChoice(left, right, 'owner') && choices.owner === 'right'
  const [kept, gone] = keepsRight ? [right, left] : [left, right]
  return {
    keptId: kept.personId,
    goneId: gone.personId,
    name: of('name') ?? left.name,
    company: of('company'),
    title: of('title'),
  }
}

/** What will be true afterwards, in words. */
export function consequences(left: PersonCard, right: PersonCard): string[] {
  const lines = ['Every address, number, message, call and note of both is on one card.']
  if (isOpen(left) && isOpen(right)) {
    lines.push('Both are open. They become one lead, with the deadline that started first.')
  } else if (isOpen(left) || isOpen(right)) {
    lines.push('The open lead goes on as it is.')
  }
  lines.push('You can take them apart again later, on the card.')
  return lines
}

const isOpen = ({ lead }: PersonCard) => lead?.row.status === 'open'
