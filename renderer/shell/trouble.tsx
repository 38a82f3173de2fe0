import { Button } from '@mantine/core'
import { IconDatabaseX, IconDeviceFloppy, IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ErrorBody } from '../../src/rpc/errors.ts'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { host } from '../rpc/call.ts'
import { RestoreButton } from '../settings/restore-button.tsx'
import { Details, ErrorNotice } from '../ui/error-notice.tsx'
import styles from './gate.module.css'

const titles: Partial<Record<ErrorBody['code'], string>> = {
  DATABASE_DAMAGED: 'Your data file is damaged',
  DATABASE_NEWER: 'Your data is from a newer Deskbell',
  DISK_FULL: 'The disk is full',
}

type Props = {
  readonly error: ErrorBody
  /** No engine runs; otherwise it runs and a call failed. */
  readonly engineGone?: boolean
  readonly onRetry?: () => void
}

/** The window cannot work. Says what happened, that nothing was thrown away, and what to do. */
export function Trouble({ error, engineGone = false, onRetry }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const workspace = useQuery({ queryKey: ['host.workspace'], queryFn: () => host('workspace', {}) }).data
  const damaged = error.code === 'DATABASE_DAMAGED'
  const aboutData = damaged || error.code === 'DATABASE_NEWER'
  const IconOf = aboutData ? IconDatabaseX : error.code === 'DISK_FULL' ? IconDeviceFloppy : IconPlugConnectedX
  const run = (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(null)
    work()
      .then(() => onRetry?.(), setProblem)
      .finally(() => setBusy(false))
  }
  const retry = () => run(() => host('retryEngine', {}))
  return (
    <main className={styles.trouble}>
      <div className={styles.box} role="alert">
        <span className={styles.disc}>
          <IconOf size={30} aria-hidden="true" />
        </span>
        <h1>{titles[error.code] ?? 'Deskbell cannot start'}</h1>
        <p>{error.message}</p>
        <div className={styles.buttons}>
          <Button variant={damaged ? 'default' : 'filled'} loading={busy} onClick={retry}>
            Try again
          </Button>
          {aboutData && (
            <RestoreButton
              main={damaged}
              engineGone={engineGone}
              onProblem={setProblem}
              onRestored={engineGone ? () => onRetry?.() : retry}
            />
          )}
          {workspace?.current === 'sample' && (
            <Button
              variant="default"
              loading={busy}
              onClick={() => run(() => host('openWorkspace', { workspace: 'business' }))}
            >
              Go to my own business
            </Button>
          )}
        </div>
        <div className={styles.more}>
          {problem !== null && <ErrorNotice error={problem} />}
          {aboutData && workspace && <CopyBox label="The folder with your data" text={workspace.dataFolder} />}
        </div>
        {error.detail && <Details text={error.detail} />}
      </div>
    </main>
  )
}
