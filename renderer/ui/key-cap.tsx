import { keyLabel } from '../keys/key-label.ts'
import { shownKeys } from '../keys/presets.ts'
import styles from './key-cap.module.css'
import { useKeymap } from './preferences.tsx'

/**
 * A key as it looks on the keyboard: given as ours, shown as the user has it, and not at all where they have none.
 * Hidden from screen readers: the button beside it has `aria-keyshortcuts`.
 */
export function KeyCap({ keys, on = 'pane' }: { readonly keys: string; readonly on?: 'pane' | 'fill' }) {
  const shown = shownKeys(keys, useKeymap())
  if (shown === null) return null
  return <PlainKeyCap keys={shown} on={on} />
}

/** The very key that is given, for lists of keys. */
export function PlainKeyCap({ keys, on = 'pane' }: { readonly keys: string; readonly on?: 'pane' | 'fill' }) {
  return (
    <span aria-hidden="true" className={styles.caps}>
      {keyLabel(keys).map((cap) => (
        <kbd key={cap} className={styles.cap} data-on={on}>
          {cap}
        </kbd>
      ))}
    </span>
  )
}
