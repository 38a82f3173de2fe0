import { Skeleton } from '@mantine/core'
import { IconBell, IconCpu, IconLanguage, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { EngineState } from '../../preload/host-contract.ts'
import { host } from '../rpc/call.ts'
import { useEngineState } from '../rpc/engine-state.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { countdown } from '../ui/time-format.ts'
import styles from './health.module.css'
import { NotificationTest } from './notification-test.tsx'

/** What is not a channel: the engine, where passwords are kept, whether notifications arrive. */
export function ThisComputer() {
  return (
    <section aria-label="This computer">
      <h2 className={styles.part}>This computer</h2>
      <div className={styles.rows}>
        <Row icon={<IconCpu size={20} stroke={1.6} aria-hidden="true" />} title="Deskbell’s engine">
          <Engine />
        </Row>
        <Passwords />
        <Row icon={<IconLanguage size={20} stroke={1.6} aria-hidden="true" />} title="Reading messages">
          <TextModel />
        </Row>
        <Row icon={<IconBell size={20} stroke={1.6} aria-hidden="true" />} title="Notifications">
          <NotificationTest />
        </Row>
      </div>
    </section>
  )
}

type RowProps = { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode }

function Row({ icon, title, children }: RowProps) {
  return (
    <div className={styles.row}>
      {icon}
      <div className={styles.rowText}>
        <h3>{title}</h3>
        {children}
      </div>
    </div>
  )
}

function Engine() {
  const state = useEngineState()
  return <p role="status">{state ? <EngineWords state={state} /> : 'Asking…'}</p>
}

function EngineWords({ state }: { readonly state: EngineState }) {
  switch (state.state) {
    case 'running':
      return <>Running. Everything you see is up to date.</>
    case 'starting':
      return <>Starting…</>
    case 'stopped':
      return <>Stopped. Close Deskbell and open it again.</>
    case 'restarting':
      return <Restarting attempt={state.attempt} retryAt={state.retryAt} />
    case 'gave-up':
      return <>{state.error.message}</>
  }
}

function Restarting({ attempt, retryAt }: { readonly attempt: number; readonly retryAt: number }) {
  const left = retryAt - useNow()
  return (
    <>
      It stopped and starts again {left > 0 ? `in ${countdown(left)}` : 'now'} (attempt {attempt}). Nothing was lost.
    </>
  )
}

function TextModel() {
  const model = useEngine('score.textModel', {})
  if (model.isError) return <ErrorNotice error={model.error} onRetry={() => void model.refetch()} />
  if (!model.data) return <Skeleton height={16} mt={4} width="60%" aria-label="One moment" />
  const { state, message, waiting } = model.data
  return (
    <>
      {state !== 'ready' && <p className={styles.warning}>Not working</p>}
      <p role="status">
        {message}
        {waiting > 0 && state === 'ready' && ` ${waiting} ${waiting === 1 ? 'message waits' : 'messages wait'}.`}
      </p>
    </>
  )
}

function Passwords() {
  // What keeps passwords does not change while the window is open.
  const backend = useQuery({ queryKey: ['host.secretsBackend'], queryFn: () => host('secretsBackend', {}) })
  const isOpen = backend.data?.protected === false
  const IconOf = isOpen ? IconLockOpen : IconLock
  return (
    <Row icon={<IconOf size={20} stroke={1.6} aria-hidden="true" />} title="Passwords">
      {backend.isPending && <Skeleton height={16} mt={4} width="60%" aria-label="One moment" />}
      {backend.isError && <ErrorNotice error={backend.error} onRetry={() => void backend.refetch()} />}
      {backend.data && (
        <>
          {isOpen && <p className={styles.warning}>Only scrambled, not locked</p>}
          <p>{backend.data.message}</p>
        </>
      )}
    </Row>
  )
}
