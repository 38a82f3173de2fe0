import { Notification } from 'electron'
import type { EventMessage } from '../src/rpc/connect.ts'
import { type Notice, noticeOf } from './words.ts'

export type NotifierOptions = {
  readonly now: () => number
  /** The user's setting, asked each time: it may change while we run. */
  readonly enabled: () => Promise<boolean>
  readonly openPerson: (personId: number) => void
}

/** Turns the engine's urgent events into desktop notifications. A click opens that person. */
export function createNotifier({ now, enabled, openPerson }: NotifierOptions) {
  // Electron forgets a notification nobody holds, and its click with it.
  const shown = new Map<number, Notification>()

  const show = (notice: Notice) => {
    shown.get(notice.personId)?.close()
    const notification = new Notification({
      title: notice.title,
      body: notice.body,
      urgency: notice.urgent ? 'critical' : 'normal',
    })
    notification.on('click', () => openPerson(notice.personId))
    notification.on('close', () => shown.delete(notice.personId))
    shown.set(notice.personId, notification)
    notification.show()
  }

  return {
    onEvent: async (event: EventMessage): Promise<void> => {
      const notice = noticeOf(event, now())
      if (notice && Notification.isSupported() && (await enabled())) show(notice)
    },
    test: (): { supported: boolean } => {
      const supported = Notification.isSupported()
      if (supported)
        new Notification({ title: 'Deskbell', body: 'Notifications arrive. You will see late leads here.' }).show()
      return { supported }
    },
  }
}
