import { keyLabel } from '../keys/key-label.ts'
import styles from './key-cap.module.css'

/** A key as it looks on the keyboard. Hidden from screen readers: the button beside it has `aria-keyshortcuts`. */
export function KeyCap({ keys, on = 'pane' }: { readonly keys: string; readonly on?: 'pane' | 'fill' }) {
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
