import { useMediaQuery } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { CallBar } from '../dialer/call-bar.tsx'
import { ListColumn } from '../inbox/list-column.tsx'
import { useCommandKeys } from '../keys/use-command-keys.ts'
import { PersonPane } from '../person/person-pane.tsx'
import { Palette } from '../search/palette.tsx'
import { TaskAlert } from '../tasks/task-alert.tsx'
import { AlertBar } from './alert-bar.tsx'
import { Banners } from './banners.tsx'
import { Dialogs } from './dialogs.tsx'
import { HostEvents } from './host-events.tsx'
import { MentionAlert } from './mention-alert.tsx'
import { QuietBanner } from './quiet-banner.tsx'
import { Rail } from './rail.tsx'
import { ReviewBanner } from './review-banner.tsx'
import styles from './shell.module.css'
import { useHandlers } from './use-handlers.ts'
import { useWindow } from './window-context.tsx'

// Pages that are not seen at the start are not loaded at the start.
const HealthPage = lazy(async () => ({ default: (await import('../health/health-page.tsx')).HealthPage }))
const MergePage = lazy(async () => ({ default: (await import('../person/merge-page.tsx')).MergePage }))
const TasksPage = lazy(async () => ({ default: (await import('../tasks/tasks-page.tsx')).TasksPage }))
const ReportsPage = lazy(async () => ({ default: (await import('../reports/reports-page.tsx')).ReportsPage }))
const SettingsPage = lazy(async () => ({ default: (await import('../settings/settings-page.tsx')).SettingsPage }))

/** The window: bars on top, the rail, the list, the person. Below 900 px one pane at a time. */
export function Shell() {
  const { state, act } = useWindow()
  const handlers = useHandlers()
  useCommandKeys(handlers, state.focus !== null)
  const onePane = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const { page } = state
  const showList = page.kind === 'leads' && (!onePane || state.pane === 'list')
  const showPerson = page.kind === 'leads' && (!onePane || state.pane === 'person')
  return (
    <div className={styles.window}>
      <HostEvents />
      <MentionAlert />
      <TaskAlert />
      <div className={styles.bars}>
        <CallBar />
        <Banners />
        <QuietBanner />
        <ReviewBanner />
      </div>
      <Rail />
      <main className={styles.main} data-page={page.kind}>
        {showList && page.kind === 'leads' && <ListColumn view={page.view} />}
        {showPerson && <PersonPane personId={state.personId} handlers={handlers} />}
        <Suspense fallback={null}>
          {page.kind === 'settings' && <SettingsPage section={page.section} />}
          {page.kind === 'duplicates' && <MergePage />}
          {page.kind === 'tasks' && <TasksPage />}
          {page.kind === 'reports' && (
            <ReportsPage onWaiting={() => act({ do: 'go', page: { kind: 'leads', view: 'due' } })} />
          )}
          {page.kind === 'health' && (
            <HealthPage onConnect={() => act({ do: 'go', page: { kind: 'settings', section: 'channels' } })} />
          )}
        </Suspense>
        {!showList && <AlertBar wide />}
      </main>
      <Dialogs />
      <Palette handlers={handlers} />
    </div>
  )
}
