import { CloseButton } from '@mantine/core'
import { bytes } from '../ui/time-format.ts'
import styles from './composer.module.css'

type Props = {
  readonly files: readonly File[]
  readonly tooLarge: boolean
  readonly onRemove: (file: File) => void
}

export function AttachmentChips({ files, tooLarge, onRemove }: Props) {
  if (files.length === 0) return null
  return (
    <>
      <ul className={styles.chips} aria-label="Files to send">
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
      {tooLarge && (
        <p className={styles.cannot} role="alert">
          Together these files are over 25 MB, and most mail servers refuse that. Remove one, or send a link.
        </p>
      )}
    </>
  )
}
