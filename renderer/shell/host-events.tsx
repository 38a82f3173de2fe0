import { notifications } from '@mantine/notifications'
import { useEffect, useEffectEvent } from 'react'
import { call, host } from '../rpc/call.ts'
import { useEngineEvent, useHostEvent } from '../rpc/events.tsx'
import { useEngine } from '../rpc/queries.ts'
import { useReport } from '../ui/report.tsx'
import { useWindow } from './window-context.tsx'

/** What the computer tells the window: a clicked notification, a `tel:` link, a link in a mail; and the badge back. */
export function HostEvents(): null {
  const { act } = useWindow()
  const report = useReport()
  const counts = useEngine('inbox.counts', {}).data

  useHostEvent('person.open', ({ personId }) => act({ do: 'open', personId }))
  useHostEvent('health.open', () => act({ do: 'go', page: { kind: 'health' } }))
  useHostEvent('link.asked', ({ url }) => act({ do: 'dialog', dialog: { kind: 'link', url } }))
  useHostEvent('dial.asked', ({ number }) => {
    call('people.find', { text: number, limit: 2 }).then(({ people }) => {
      const only = people.length === 1 ? people[0] : undefined
      if (only) act({ do: 'open', personId: only.personId })
      else act({ do: 'dialog', dialog: { kind: 'compose', number } })
    }, report)
  })
  useEngineEvent('outbox.failed', ({ personId, name, message }) => {
    notifications.show({
      color: 'red',
      title: `Not sent to ${name}`,
      message,
      autoClose: 15_000,
      withBorder: true,
      onClick: () => act({ do: 'open', personId }),
      style: { cursor: 'pointer' },
    })
  })

  const badge = counts ? counts.due : 0
  useEffect(() => {
    host('setBadge', { count: badge }).catch(() => undefined)
  }, [badge])

  const ready = useEffectEvent(() => {
    host('ready', {}).catch(report)
  })
  // After the listeners above: what waited for the window is sent now.
  useEffect(() => ready(), [])
  return null
}
