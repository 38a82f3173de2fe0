import { Button, Radio, TagsInput } from '@mantine/core'
import { IconFolders } from '@tabler/icons-react'
import { useState } from 'react'
import type { MailFolder } from '../../src/channels/contract.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { type CaptureDraft, cleanExcluded } from './capture-values.ts'
import { FolderList } from './folder-list.tsx'
import styles from './setup-form.module.css'
import { useGuard } from './use-guard.ts'

const choices = [
  {
    value: 'everything',
    label: 'Everything',
    description: 'All mail of the inbox and the Sent folder. Best for a mailbox that is only for the business.',
  },
  {
    value: 'folders',
    label: 'Only some folders',
    description: 'For instance one that a rule of your mailbox fills. The rest stays out.',
  },
  {
    value: 'unknown-senders',
    label: 'Only new people',
    description:
      'Leaves out everybody you wrote to before Deskbell was connected: family, suppliers, friends. People who are in Deskbell already come in.',
  },
] as const

type Props = {
  readonly value: CaptureDraft
  readonly error: string | null
  readonly isNew: boolean
  readonly onChange: (value: CaptureDraft) => void
  /** Asks the mailbox for its folders, with what is in the form now. */
  readonly listFolders: () => Promise<readonly MailFolder[]>
}

/** What of a mailbox comes in: a private one must not fill the list of leads. */
export function CaptureFields({ value, error, isNew, onChange, listFolders }: Props) {
  return (
    <fieldset className={styles.choice}>
      <Radio.Group
        label="What Deskbell takes in"
        description={`Mail that is left out is counted, never stored.${isNew ? '' : ' What is here already stays.'}`}
        error={value.kind === 'unknown-senders' ? null : error}
        value={value.kind}
        onChange={(kind) =>
          onChange({ ...value, kind: choices.find((it) => it.value === kind)?.value ?? 'everything' })
        }
      >
        <div className={styles.radios}>
          {choices.map((it) => (
            <Radio key={it.value} {...it} />
          ))}
        </div>
      </Radio.Group>
      {value.kind === 'folders' && (
        <Folders
          chosen={value.folders}
          onChange={(folders) => onChange({ ...value, folders })}
          listFolders={listFolders}
        />
      )}
      {value.kind === 'unknown-senders' && (
        <TagsInput
          label="Never take in"
          description="Addresses, or the part behind the @ for a whole company. Enter adds one; a pasted list works too."
          placeholder={value.excluded.length === 0 ? 'aunt@family.example, supplier.example' : ''}
          splitChars={[',', ';', '\n']}
          maxTags={2000}
          acceptValueOnBlur
          error={error}
          value={[...value.excluded]}
          onChange={(typed) => onChange({ ...value, excluded: cleanExcluded(typed) })}
        />
      )}
    </fieldset>
  )
}

type FoldersProps = {
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly listFolders: Props['listFolders']
}

function Folders({ chosen, onChange, listFolders }: FoldersProps) {
  const [found, setFound] = useState<readonly MailFolder[] | null>(null)
  const { busy, problem, guard } = useGuard()
  return (
    <>
      {found === null && chosen.length > 0 && <p className={styles.note}>Chosen: {chosen.join(', ')}</p>}
      {problem !== null && <ErrorNotice error={problem} />}
      {found !== null && <FolderList found={found} chosen={chosen} onChange={onChange} />}
      <div className={styles.buttons}>
        <Button
          variant="default"
          leftSection={<IconFolders size={16} />}
          loading={busy}
          onClick={() => void guard(async () => setFound(await listFolders()))}
        >
          {found === null ? 'Show my folders' : 'Look again'}
        </Button>
      </div>
    </>
  )
}
