import { Button } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useState } from 'react'
import { host } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './health.module.css'

type Outcome = 'none' | 'shown' | 'unsupported'

/** Only the person in front of the screen can say whether a notification arrived; we say where to look. */
export function NotificationTest() {
  const wanted = useEngine('settings.get', {}).data?.notifications
  const [outcome, setOutcome] = useState<Outcome>('none')
  const [problem, setProblem] = useState<unknown>(null)
  const test = () => {
    setProblem(null)
    host('testNotification', {}).then(({ supported }) => setOutcome(supported ? 'shown' : 'unsupported'), setProblem)
  }
  return (
    <>
      <p>
        {wanted === false
          ? 'Switched off in Settings, Preferences. A test still shows whether they could arrive.'
          : 'Deskbell tells you about hot leads and deadlines that run out, also when its window is closed.'}
      </p>
      <Button mt={6} size="compact-sm" variant="default" leftSection={<IconBell size={14} />} onClick={test}>
        Show a test notification
      </Button>
      <p className={styles.outcome} role="status">
        {outcome === 'shown' &&
          'Sent. If nothing appeared, allow Deskbell in the notification settings of this computer, or end “do not disturb”.'}
        {outcome === 'unsupported' &&
          'This computer does not show notifications. Keep the window or the tray icon in view.'}
      </p>
      {problem !== null && <ErrorNotice error={problem} />}
    </>
  )
}
