import { IconArrowForwardUp, IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Attachments } from './attachments.tsx'
import { DeliveryLine } from './delivery-line.tsx'
import styles from './entry.module.css'
import { MailFrame } from './mail-frame.tsx'
import { RichText } from './rich-text.tsx'
import { When } from './small-entries.tsx'
import { TakenBack } from './text-entry.tsx'

type Mail = Extract<TimelineEntry, { kind: 'email' }>
type Props = {
  readonly entry: Mail
  readonly personId: number
  readonly name: string
  readonly words: readonly string[]
}

const longLines = 22
const longText = 1800

/** A mail: its words first. The designed original and what it quotes are one click away, never lost. */
export function MailEntry({ entry, personId, name, words }: Props) {
  const { act } = useWindow()
  const [original, setOriginal] = useState(false)
  const [quoteOpen, setQuoteOpen] = useState(false)
  const [unfolded, setUnfolded] = useState(false)
  if (entry.delivery === 'cancelled') return <TakenBack entry={entry} what="Mail" />
  const forwarded = entry.direction === 'internal'
  const out = entry.direction !== 'in'
  const author = entry.author ?? (entry.automatic ? 'Deskbell' : 'You')
  const IconOf = forwarded ? IconArrowForwardUp : IconMail
  const long = entry.text.length > longText || entry.text.split('\n').length > longLines
  const folded = long && !unfolded && words.length === 0
  return (
    <article
      className={styles.card}
      data-out={out || undefined}
      data-failed={entry.delivery === 'failed' || undefined}
      aria-label={forwarded ? `Mail forwarded to ${entry.to.join(', ')}` : `Mail ${out ? 'to' : 'from'} ${name}`}
    >
      <div className={styles.head}>
        <IconOf size={15} aria-hidden="true" />
        <b className={styles.who} dir="auto" title={`${entry.from} → ${entry.to.join(', ')}`}>
          {out ? author : entry.from}
        </b>
        {forwarded && (
          <span className={styles.forwarded} dir="auto">
            Forwarded to {entry.to.join(', ')}
          </span>
        )}
        {(entry.automatic || entry.robot) && (
          <span className={styles.tag} title={entry.robot ?? 'Sent by Deskbell'}>
            Automatic
          </span>
        )}
        <When at={entry.at} />
        {out && <DeliveryLine entry={entry} personId={personId} />}
      </div>
      {entry.subject !== '' && (
        <h3 className={styles.subject} dir="auto" style={{ fontSize: 14 }}>
          <RichText text={entry.subject} words={words} />
        </h3>
      )}
      {forwarded && entry.text === '' ? null : original ? (
        <MailFrame interactionId={entry.id} />
      ) : (
        <div className={styles.body} dir="auto" data-folded={folded || undefined}>
          {entry.text === '' ? (
            <i>{entry.hasHtml ? 'This mail has no plain text. Show the original to see it.' : 'This mail is empty.'}</i>
          ) : (
            <RichText text={entry.text} words={words} />
          )}
        </div>
      )}
      {quoteOpen && !original && entry.quoted && (
        <div className={styles.quoted} dir="auto">
          <RichText text={entry.quoted} words={words} />
        </div>
      )}
      <div className={styles.actions}>
        {folded && !original && (
          <button type="button" className={styles.link} data-unfold="all" onClick={() => setUnfolded(true)}>
            Show all
          </button>
        )}
        {entry.quoted && !original && (
          <button
            type="button"
            className={styles.dots}
            data-unfold="quote"
            aria-expanded={quoteOpen}
            aria-label={quoteOpen ? 'Hide quoted text' : 'Show quoted text'}
            title={quoteOpen ? 'Hide quoted text' : 'Show quoted text'}
            onClick={() => setQuoteOpen(!quoteOpen)}
          >
            …
          </button>
        )}
        {entry.hasHtml && (
          <button
            type="button"
            className={styles.link}
            data-unfold="original"
            aria-pressed={original}
            onClick={() => setOriginal(!original)}
          >
            {original ? 'Show text' : 'Show original'}
          </button>
        )}
        <button type="button" className={styles.link} onClick={() => act({ do: 'forward', interactionId: entry.id })}>
          Forward
        </button>
      </div>
      <Attachments list={entry.attachments} />
    </article>
  )
}
