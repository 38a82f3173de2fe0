import type { Inbound } from '../channels/channel.ts'
import type { Batch, HandleKey } from './batch.ts'
import type { Side } from './find-person.ts'
import { type KnownMail, parentIds } from './known-mails.ts'

/**
 * The stored mail that this one answers, when somebody took part in both: replies to one newsletter all cite the same
 * mail and are still strangers to each other (features B2).
 */
export function findParent(batch: Batch, item: Inbound, sides: readonly Side[]): KnownMail | null {
  const { content } = item
  if (content.kind !== 'email') return null
  const own = (address: string) => batch.own.has(`email:${address}`)
  const here = new Set([content.from, ...content.to].map((it) => it.toLowerCase()).filter((it) => !own(it)))
  for (const { key } of sides) here.add(key.slice(key.indexOf(':') + 1))
  const people = new Set(sides.map(({ key }) => batch.owners.get(key)))
  const isShared = (mail: KnownMail) => people.has(mail.personId) || mail.participants.some((it) => here.has(it))
  for (const id of parentIds(content)) {
    // Who got a mail passed on is somebody else than the person it was about.
    const parent = batch.mails.get(id)?.find((it) => it.direction !== 'internal' && isShared(it))
    if (parent) return parent
  }
  return null
}

/**
 * A mail that another mailbox of ours got, too (info@ and sales@ in one mail): the same id, subject and correspondent.
 */
export function findCopy(batch: Batch, item: Inbound, sides: readonly Side[]): KnownMail | null {
  const { content, direction } = item
  if (content.kind !== 'email' || content.messageId === null) return null
  const people = new Set(sides.map(({ key }: { key: HandleKey }) => batch.owners.get(key)))
  const copies = batch.mails.get(content.messageId) ?? []
  return (
    copies.find(
      (it) =>
        it.accountId !== batch.accountId &&
        it.direction === direction &&
        it.subject === content.subject &&
        people.has(it.personId),
    ) ?? null
  )
}
