import { IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import styles from './setup-form.module.css'

type Props = {
  readonly label: ReactNode
  readonly children: ReactNode
  /** Something inside needs attention: it cannot be folded away. */
  readonly forced?: boolean
}

/** Something that few people need, one click away. */
export function Fold({ label, children, forced = false }: Props) {
  const [wanted, setWanted] = useState(false)
  const open = wanted || forced
  return (
    <div>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setWanted(!open)}>
        <IconChevronRight size={15} aria-hidden="true" />
        <span>{label}</span>
      </button>
      {open && <div className={styles.folded}>{children}</div>}
    </div>
  )
}
