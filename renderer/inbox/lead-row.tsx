import { IconAlertCircle, IconSend2 } from '@tabler/icons-react'
import { type MouseEvent, memo } from 'react'
import type { InboxRow } from '../../src/inbox/contract.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelGlyph } from '../ui/channel-glyph.tsx'
import { initials } from '../ui/initials.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { ScoreBar, useScoreNumber } from '../ui/score.tsx'
import { scoreSpoken } from '../ui/score-words.ts'
import { chipText } from './chip-text.ts'
import { RowLabels } from './label-chips.tsx'
import styles from './lead-row.module.css'
import { SlaChip } from './sla-chip.tsx'

type Props = {
  readonly row: InboxRow
  readonly id: string
  readonly index: number
  readonly count: number
  readonly selected: boolean
  readonly checked: boolean
  /** Two lines instead of three. */
  readonly compact: boolean
  readonly onOpen: (row: InboxRow) => void
  readonly onCheck: (row: InboxRow) => void
}

/** One person: what is owed, who it is, what they said last, what they are worth, whose they are. */
export const LeadRow = memo(function LeadRow({
  row,
  id,
  index,
  count,
  selected,
  checked,
  compact,
  onOpen,
  onCheck,
}: Props) {
  const place = usePlace()
  const words = chipText(row, useNow('minute'), place)
  const number = useScoreNumber()
  const press = (event: MouseEvent) => (event.ctrlKey || event.metaKey || event.shiftKey ? onCheck(row) : onOpen(row))
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and the keys (j, k, Enter, x)
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-label={`${row.name}. ${words.label}. ${scoreSpoken(row, number)}. ${labelled(row)}${row.preview}${checked ? '. Marked' : ''}`}
      className={styles.row}
      data-selected={selected || undefined}
      data-checked={checked || undefined}
      onClick={press}
    >
      <span
        aria-hidden="true"
        className={styles.pick}
        title="Select (x)"
        onClick={(event) => {
          event.stopPropagation()
          onCheck(row)
        }}
      >
        <Avatar name={row.name} checked={checked} />
      </span>
      <div className={styles.main}>
        <div className={styles.line}>
          <span className={styles.name} dir="auto">
            {row.name}
            {row.company && <span className={styles.company}> · {row.company}</span>}
          </span>
          <SlaChip row={row} />
        </div>
        <div className={styles.line}>
          <ChannelGlyph channel={row.channel} missed={row.missedCall} />
          <span className={styles.preview} dir="auto">
            {row.direction === 'out' && <span>You: </span>}
            {row.preview}
          </span>
          {compact && <RowLabels labels={row.labels} />}
          {compact && <ScoreBar judged={row} />}
          {compact && <Owner owner={row.owner} />}
        </div>
        {!compact && (
          <div className={`${styles.line} ${styles.meta}`}>
            <ScoreBar judged={row} />
            <span aria-hidden="true">·</span>
            <span className={styles.source} dir="auto">
              {row.source}
            </span>
            <RowLabels labels={row.labels} />
            <Outbox state={row.outbox} />
            <Owner owner={row.owner} />
          </div>
        )}
      </div>
    </div>
  )
})

const labelled = ({ labels }: InboxRow) => (labels.length === 0 ? '' : `Labels: ${labels.join(', ')}. `)

function Outbox({ state }: { readonly state: InboxRow['outbox'] }) {
  if (state === 'failed') {
    return (
      <span className={styles.failed}>
        <IconAlertCircle size={14} aria-hidden="true" /> not sent
      </span>
    )
  }
  if (state === 'sending') {
    return (
      <span className={styles.sending}>
        <IconSend2 size={13} aria-hidden="true" /> sending
      </span>
    )
  }
  return null
}

function Owner({ owner }: { readonly owner: InboxRow['owner'] }) {
  return (
    <span
      className={styles.owner}
      data-nobody={owner === null || undefined}
      title={owner ? `Owner: ${owner.name}` : 'Nobody owns this lead yet'}
    >
      {owner ? initials(owner.name).slice(0, 1) : '?'}
    </span>
  )
}
