import { CloseButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { bytes } from '../ui/time-format.ts'
import styles from './composer.module.css'

type Props = {
  readonly files: readonly File[]
  readonly label: string
  /** What is wrong with them; nothing where all is well. */
  readonly children: ReactNode
  readonly onRemove: (file: File) => void
}

export function AttachmentChips({ files, label, children, onRemove }: Props) {
  if (files.length === 0) return null
  return (
    <>
      <ul className={styles.chips} aria-label={label}>
        {files.map((file, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be attached twice
          <li key={`${file.name} ${index}`} className={styles.chip}>
            <span dir="auto" title={file.name}>
              {file.name}
            </span>
            <span className={styles.chipSize}>{bytes(file.size)}</span>
            <CloseButton size="xs" aria-label={`Remove ${file.name}`} onClick={() => onRemove(file)} />
          </li>
        ))}
      </ul>
      {children && (
        <p className={styles.cannot} role="alert">
          {children}
        </p>
      )}
    </>
  )
}
