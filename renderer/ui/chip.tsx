import type { ReactNode } from 'react'
import styles from './chip.module.css'

export type ChipState = 'ok' | 'risk' | 'late' | 'quiet'

/** A ring that empties, a triangle, a square: three shapes, so that nobody needs the colours. */
export function ChipShape({ state, left }: { readonly state: ChipState; readonly left: number }) {
  if (state === 'late') {
    return (
      <svg width="13" height="13" viewBox="0 0 14 14" aria-hidden="true">
        <rect x="1" y="1" width="12" height="12" rx="2.5" fill="currentColor" />
        <path d="M7 3.6v4" stroke="var(--db-late-bg)" strokeWidth="1.8" strokeLinecap="round" />
        <circle cx="7" cy="10.2" r="1.05" fill="var(--db-late-bg)" />
      </svg>
    )
  }
  if (state === 'risk') {
    return (
      <svg width="13" height="13" viewBox="0 0 14 14" aria-hidden="true">
        <path d="M7 1.6 13.2 12.4H.8Z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      </svg>
    )
  }
  const around = 2 * Math.PI * 4.6
  return (
    <svg width="13" height="13" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="2.6" opacity=".25" />
      <circle
        cx="7"
        cy="7"
        r="4.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeDasharray={`${around * (state === 'quiet' ? 0.12 : left)} ${around}`}
        transform="rotate(-90 7 7)"
      />
    </svg>
  )
}

type Props = {
  readonly state: ChipState
  readonly left?: number
  readonly label?: string
  readonly big?: boolean
  readonly children: ReactNode
}

export function Chip({ state, left = 1, label, big = false, children }: Props) {
  return (
    <span
      className={`${styles.chip} ${styles[state]} ${big ? styles.big : ''}`}
      data-state={state}
      {...(label ? { role: 'img', 'aria-label': label, title: label } : {})}
    >
      <ChipShape state={state} left={left} />
      <span>{children}</span>
    </span>
  )
}
