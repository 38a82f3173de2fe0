import { beforeEach, expect, test, vi } from 'vitest'

type Listener = (details?: unknown) => void

/** Closes as systems do: some time after it was asked to. */
class FakeNotification {
  static shown: FakeNotification[] = []
  static isSupported = () => true
  readonly listeners = new Map<string, Listener>()
  closing = false
  constructor(readonly options: { readonly title: string }) {}
  on(event: string, listener: Listener) {
    this.listeners.set(event, listener)
  }
  show() {
    FakeNotification.shown.push(this)
  }
  close() {
    this.closing = true
  }
  emit(event: string) {
    this.listeners.get(event)?.()
  }
}
vi.mock('electron', () => ({ Notification: FakeNotification }))
const { createNotifier } = await import('../../../main/notifications.ts')

const hot = (personId: number, preview: string) => ({
  kind: 'event' as const,
  name: 'lead.opened' as const,
  payload: { leadId: 1, personId, name: 'Ana', tier: 'hot', score: 90, preview, ownerId: null },
})

beforeEach(() => {
  FakeNotification.shown = []
})

test('a newer notice of a person takes the place of the older one, whenever the system closes that', async () => {
  const nothing = () => {}
  const notifier = createNotifier({
    now: () => 0,
    enabled: async () => true,
    openPerson: nothing,
    openNote: nothing,
    openHealth: nothing,
    act: nothing,
  })
  await notifier.onEvent(hot(7, 'first'))
  await notifier.onEvent(hot(7, 'second'))
  const [first, second] = FakeNotification.shown
  expect(first?.closing).toBe(true)
  first?.emit('close')
  await notifier.onEvent(hot(7, 'third'))
  expect(second?.closing).toBe(true)
  await notifier.onEvent(hot(8, 'of somebody else'))
  expect(FakeNotification.shown.map((it) => it.closing)).toEqual([true, true, false, false])
})
