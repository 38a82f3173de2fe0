import styles from './avatar.module.css'
import { initials, tint } from './initials.ts'

type Props = { readonly name: string; readonly size?: number; readonly checked?: boolean }

/** Initials on a colour that is always the same for the same name. Says nothing: the name stands beside it. */
export function Avatar({ name, size = 34, checked = false }: Props) {
  return (
    <span
      aria-hidden="true"
      className={styles.avatar}
      data-tint={checked ? 'checked' : tint(name)}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
    >
      {checked ? '✓' : initials(name)}
    </span>
  )
}
