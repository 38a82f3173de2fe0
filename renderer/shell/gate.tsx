import { Loader } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ErrorBody } from '../../src/rpc/errors.ts'
import { DraftsProvider } from '../composer/drafts-context.tsx'
import { errorBody } from '../rpc/call.ts'
import { useEngineState } from '../rpc/engine-state.ts'
import { useEngine } from '../rpc/queries.ts'
import { PlaceProvider } from '../ui/place.tsx'
import { AlertsProvider } from './alerts-context.tsx'
import styles from './gate.module.css'
import { Shell } from './shell.tsx'
import { Trouble } from './trouble.tsx'
import { UndoProvider } from './undo.tsx'
import { WindowProvider } from './window-context.tsx'

const Onboarding = lazy(async () => ({ default: (await import('../onboarding/onboarding.tsx')).Onboarding }))

const fullPage: ReadonlySet<ErrorBody['code']> = new Set(['DATABASE_DAMAGED', 'DATABASE_NEWER', 'DISK_FULL'])

/** Decides what the window is: waiting, in trouble, before the first run, or at work. */
export function Gate() {
  const engine = useEngineState()
  const settings = useEngine('settings.get', {})
  if (engine?.state === 'gave-up') return <Trouble error={engine.error} engineGone />
  if (settings.data) {
    const { sample, setUp, business } = settings.data
    return (
      <PlaceProvider zone={business.zone}>
        <WindowProvider key={sample ? 'sample' : 'business'}>
          <DraftsProvider prefix={sample ? 'sample' : 'business'}>
            <UndoProvider>
              <Suspense fallback={null}>
                {setUp || sample ? (
                  <AlertsProvider>
                    <Shell />
                  </AlertsProvider>
                ) : (
                  <Onboarding />
                )}
              </Suspense>
            </UndoProvider>
          </DraftsProvider>
        </WindowProvider>
      </PlaceProvider>
    )
  }
  if (settings.isError) {
    const error = errorBody(settings.error)
    if (fullPage.has(error.code) || engine?.state === 'running') {
      return <Trouble error={error} onRetry={() => void settings.refetch()} />
    }
  }
  return (
    <div className={styles.wait} role="status">
      <Loader />
      <p>One moment…</p>
    </div>
  )
}
