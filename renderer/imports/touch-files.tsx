import { Button, FileButton } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { AttachmentChips } from '../composer/attachment-chips.tsx'
import styles from './imports.module.css'

type Props = {
  readonly files: readonly File[]
  readonly tooLarge: boolean
  readonly onAdd: (files: readonly File[]) => void
  readonly onRemove: (file: File) => void
}

/** What they showed or sent: a screenshot of the chat, a plan, a photo. */
export function TouchFiles({ files, tooLarge, onAdd, onRemove }: Props) {
  return (
    <div>
      <div className={styles.attach}>
        <FileButton multiple onChange={onAdd}>
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" leftSection={<IconPaperclip size={15} />}>
              Attach files…
            </Button>
          )}
        </FileButton>
        <span className={styles.small}>Or paste a screenshot, or drop a file here.</span>
      </div>
      <AttachmentChips files={files} label="Files of this touch" onRemove={onRemove}>
        {tooLarge && 'Together these files are over 25 MB. Remove one.'}
      </AttachmentChips>
    </div>
  )
}
