import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './empty.module.css'

type Props = { readonly icon: Icon; readonly title: string; readonly children?: ReactNode }

/** An empty place that says what would fill it. */
export function Empty({ icon: IconOf, title, children }: Props) {
  return (
    <div className={styles.empty}>
      <span className={styles.disc}>
        <IconOf size={26} stroke={1.6} aria-hidden="true" />
      </span>
      <p className={styles.title}>{title}</p>
      {children && <div className={styles.text}>{children}</div>}
    </div>
  )
}
