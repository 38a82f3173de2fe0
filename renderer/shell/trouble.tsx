import { Button } from '@mantine/core'
import { IconDatabaseX, IconDeviceFloppy, IconPlugConnectedX } from '@tabler/icons-react'
import { useState } from 'react'
import type { ErrorBody } from '../../src/rpc/errors.ts'
import { host } from '../rpc/call.ts'
import { RestoreButton } from '../settings/restore-button.tsx'
import { Details, ErrorNotice } from '../ui/error-notice.tsx'
import styles from './gate.module.css'

const titles: Partial<Record<ErrorBody['code'], string>> = {
  DATABASE_DAMAGED: 'Your data file is damaged',
  DATABASE_NEWER: 'Your data is from a newer Deskbell',
  DISK_FULL: 'The disk is full',
}

type Props = { readonly error: ErrorBody; readonly onRetry?: () => void }

/** The window cannot work. Says what happened, that nothing was thrown away, and what to do. */
export function Trouble({ error, onRetry }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const aboutData = error.code === 'DATABASE_DAMAGED' || error.code === 'DATABASE_NEWER'
  const IconOf = aboutData ? IconDatabaseX : error.code === 'DISK_FULL' ? IconDeviceFloppy : IconPlugConnectedX
  const retry = () => {
    setBusy(true)
    setProblem(null)
    host('retryEngine', {})
      .then(() => onRetry?.(), setProblem)
      .finally(() => setBusy(false))
  }
  return (
    <main className={styles.trouble}>
      <div className={styles.box} role="alert">
        <span className={styles.disc}>
          <IconOf size={30} aria-hidden="true" />
        </span>
        <h1>{titles[error.code] ?? 'Deskbell cannot start'}</h1>
        <p>{error.message}</p>
        <div className={styles.buttons}>
          <Button loading={busy} onClick={retry}>
            Try again
          </Button>
          {aboutData && <RestoreButton onProblem={setProblem} onRestored={retry} />}
        </div>
        {problem !== null && <ErrorNotice error={problem} />}
        {error.detail && <Details text={error.detail} />}
      </div>
    </main>
  )
}
