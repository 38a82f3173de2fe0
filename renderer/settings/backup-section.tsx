import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconDeviceFloppy } from '@tabler/icons-react'
import dayjs from 'dayjs'
import { useState } from 'react'
import { call, host } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { bytes, plural } from '../ui/time-format.ts'
import { RestoreButton } from './restore-button.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'

/** One file with everything in it, opened again and checked before it counts. */
export function BackupSection() {
  const { busy, problem, save } = useSave()
  const [done, setDone] = useState<string | null>(null)
  const [restoreProblem, setRestoreProblem] = useState<unknown>(null)
  const backUp = async () => {
    const { path } = await host('chooseSavePath', {
      suggestedName: `deskbell-${dayjs().format('YYYY-MM-DD')}.deskbell`,
      title: 'Save a backup',
    })
    if (path === null) return null
    const made = await call('store.backup', { path })
    return `Saved and checked: ${plural(made.people, 'lead')}, ${made.interactions} messages, calls and notes, ${bytes(made.bytes)}, in ${path}`
  }
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        One file with everything in it. Keep it on another disk, or where your other backups are.
      </p>
      <Group>
        <Button
          leftSection={<IconDeviceFloppy size={16} />}
          loading={busy}
          onClick={() =>
            void save(backUp, () => null).then((message) => {
              if (message) setDone(message)
            })
          }
        >
          Save a backup…
        </Button>
        <RestoreButton
          onProblem={setRestoreProblem}
          onRestored={(keptAs) =>
            setDone(`The backup is in place.${keptAs === null ? '' : ` What was there before is kept as ${keptAs}`}`)
          }
        />
      </Group>
      {done && (
        <Alert color="teal" role="status">
          <span style={{ overflowWrap: 'anywhere' }}>{done}</span>
        </Alert>
      )}
      {problem !== null && <ErrorNotice error={problem} />}
      {restoreProblem !== null && <ErrorNotice error={restoreProblem} />}
    </Stack>
  )
}
