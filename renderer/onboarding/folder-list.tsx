import { Checkbox } from '@mantine/core'
import type { MailFolder } from '../../src/channels/contract.ts'
import { folderChoices, mostFolders } from './capture-values.ts'
import styles from './setup-form.module.css'

type Props = {
  readonly found: readonly MailFolder[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** The folders of a mailbox, to tick those that leads arrive in. */
export function FolderList({ found, chosen, onChange }: Props) {
  const full = chosen.length >= mostFolders
  return (
    <Checkbox.Group
      label="Folders"
      description={full ? `Five at most. Take one away to choose another.` : `Up to five. ${chosen.length} chosen.`}
      value={[...chosen]}
      onChange={onChange}
    >
      <div className={styles.folders}>
        {folderChoices(found, chosen).map(({ path, label, messages, gone }) => (
          <Checkbox
            key={path}
            size="sm"
            value={path}
            disabled={full && !chosen.includes(path)}
            label={
              <span className={styles.folder}>
                <span dir="auto">{label}</span>
                {messages !== null && (
                  <span
                    className={styles.count}
                  >{`${messages.toLocaleString('en')} ${messages === 1 ? 'mail' : 'mails'}`}</span>
                )}
                {gone && <span className={styles.count}>not there any more</span>}
              </span>
            }
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}
