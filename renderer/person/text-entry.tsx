import { IconBrandWhatsapp, IconMessage2, IconMessages } from '@tabler/icons-react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { Attachments } from './attachments.tsx'
import { DeliveryLine } from './delivery-line.tsx'
import styles from './entry.module.css'
import { RichText } from './rich-text.tsx'
import { EventEntry, When } from './small-entries.tsx'

type Props = {
  readonly entry: Extract<TimelineEntry, { kind: 'text' }>
  readonly personId: number
  readonly name: string
  readonly words: readonly string[]
}

const ways = {
  sms: { what: 'Text', glyph: IconMessage2 },
  whatsapp: { what: 'Text', glyph: IconBrandWhatsapp },
  chat: { what: 'Chat message', glyph: IconMessages },
} as const

export function TextEntry({ entry, personId, name, words }: Props) {
  if (entry.delivery === 'cancelled') return <TakenBack entry={entry} what="Text" />
  const out = entry.direction === 'out'
  const { what, glyph: GlyphOf } = entry.channel in ways ? ways[entry.channel as keyof typeof ways] : ways.sms
  return (
    <article
      className={styles.bubble}
      data-out={out || undefined}
      aria-label={`${what} ${out ? 'to' : 'from'} ${name}`}
    >
      {entry.text !== '' && (
        <div className={styles.bubbleText} dir="auto">
          <RichText text={entry.text} words={words} />
        </div>
      )}
      <Attachments list={entry.attachments} />
      <div className={styles.under}>
        <GlyphOf size={13} aria-hidden="true" />
        {out && <span dir="auto">{entry.automatic ? 'automatic' : (entry.author ?? 'you')}</span>}
        <When at={entry.at} />
        {out && <DeliveryLine entry={entry} personId={personId} />}
      </div>
    </article>
  )
}

/** A message that never left: a small line, since nobody got it. */
export function TakenBack({ entry, what }: { readonly entry: TimelineEntry; readonly what: string }) {
  return (
    <EventEntry
      entry={{
        id: entry.id,
        at: entry.at,
        channel: entry.channel,
        direction: 'internal',
        author: entry.author,
        automatic: false,
        kind: 'event',
        event: 'reopened',
        text: `${what} taken back before it left`,
      }}
    />
  )
}
