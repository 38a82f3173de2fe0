import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { shortMoment } from '../ui/time-format.ts'

/** First answers stand still, or one could not be written: what happened and what to do. Nothing when all is well. */
export function FirstAnswerNotice() {
  const place = usePlace()
  const { act, state } = useWindow()
  const report = useReport()
  const now = useNow('minute')
  const answer = useEngine('firstAnswer.get', {}).data
  if (!answer || (answer.pausedAt === null && answer.trouble === null)) return null
  const { pausedAt, trouble } = answer
  const isThere = state.page.kind === 'settings'
  return (
    <Alert
      color={pausedAt === null ? 'yellow' : 'red'}
      icon={<IconAlertTriangle />}
      title={pausedAt === null ? 'An automatic first answer was not sent' : 'Automatic first answers stand still'}
    >
      {trouble && (
        <p style={{ margin: '0 0 8px', overflowWrap: 'anywhere' }} dir="auto">
          {trouble.message} ({shortMoment(trouble.at, now, place)})
        </p>
      )}
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        {pausedAt !== null && (
          <Button size="compact-sm" onClick={() => void call('firstAnswer.resume', {}).catch(report)}>
            Start them again
          </Button>
        )}
        {trouble?.personId != null && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              act({ do: 'go', page: { kind: 'leads', view: 'all' } })
              act({ do: 'open', personId: trouble.personId ?? 0 })
            }}
          >
            Show the lead
          </Button>
        )}
        {!isThere && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'firstAnswer' } })}
          >
            Change the words
          </Button>
        )}
      </div>
    </Alert>
  )
}
