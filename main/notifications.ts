import { Notification } from 'electron'
import type { EventMessage } from '../src/rpc/connect.ts'
import { type Notice, noticeOf } from './words.ts'

export type NotifierOptions = {
  readonly now: () => number
  /** The user's setting, asked each time: it may change while we run. */
  readonly enabled: () => Promise<boolean>
  readonly openPerson: (personId: number) => void
  readonly openHealth: () => void
}

/** Turns the engine's urgent events into desktop notifications. A click opens that person. */
export function createNotifier({ now, enabled, openPerson, openHealth }: NotifierOptions) {
  // Electron forgets a notification nobody holds, and its click with it.
  const shown = new Map<number | string, Notification>()

  const show = (notice: Notice) => {
    // A person's newer notice takes the place of the older one; each channel has its own.
    const key = notice.personId ?? notice.title
    shown.get(key)?.close()
    const notification = new Notification({
      title: notice.title,
      body: notice.body,
      urgency: notice.urgent ? 'critical' : 'normal',
    })
    notification.on('click', () => (notice.personId === null ? openHealth() : openPerson(notice.personId)))
    notification.on('close', () => shown.delete(key))
    shown.set(key, notification)
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
