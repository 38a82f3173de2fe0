import { Notification } from 'electron'
import type { EventMessage } from '../src/rpc/connect.ts'
import { type Notice, noticeOf } from './words.ts'

export type NotifierOptions = {
  readonly now: () => number
  /** The user's setting, asked each time: it may change while we run. */
  readonly enabled: () => Promise<boolean>
  readonly openPerson: (personId: number) => void
  readonly openNote: (note: { readonly personId: number; readonly interactionId: number }) => void
  readonly openHealth: () => void
  /** One of the buttons under a notification (macOS and Windows; elsewhere a click opens the person). */
  readonly act: (action: LeadAction, about: { readonly leadId: number; readonly personId: number }) => void
}

export type LeadAction = 'answer' | 'call' | 'snooze'

const actions: readonly { readonly action: LeadAction; readonly text: string }[] = [
  { action: 'answer', text: 'Answer' },
  { action: 'call', text: 'Call' },
  { action: 'snooze', text: 'Snooze 15 min' },
]

/** Turns the engine's urgent events into desktop notifications. A click opens that person. */
export function createNotifier({ now, enabled, openPerson, openNote, openHealth, act }: NotifierOptions) {
  // Electron forgets a notification nobody holds, and its click with it.
  const shown = new Map<number | string, Notification>()

  const show = (notice: Notice) => {
    // A person's newer notice takes the place of the older one; each channel has its own.
    const key = notice.personId ?? notice.title
    shown.get(key)?.close()
    const { personId, leadId, interactionId } = notice
    const notification = new Notification({
      title: notice.title,
      body: notice.body,
      urgency: notice.urgent ? 'critical' : 'normal',
      // The window rings for leads, as loud as the settings say; twice would be noise.
      silent: leadId !== undefined || notice.rings === true,
      actions: leadId === undefined ? [] : actions.map(({ text }) => ({ type: 'button', text })),
    })
    notification.on('action', ({ actionIndex }) => {
      const chosen = actions[actionIndex]
      if (chosen && personId !== null && leadId !== undefined) act(chosen.action, { leadId, personId })
    })
    notification.on('click', () => {
      if (personId === null) openHealth()
      else if (interactionId === undefined) openPerson(personId)
      else openNote({ personId, interactionId })
    })
    // The system may tell only after a newer one has taken its place.
    notification.on('close', () => {
      if (shown.get(key) === notification) shown.delete(key)
    })
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
