import { Menu, nativeImage, Tray } from 'electron'
import type { InboxRow } from '../src/inbox/contract.ts'
import { duty, timeLeft } from './words.ts'

const refreshMs = 15_000
const muteMs = 60 * 60_000

export type TrayOptions = {
  readonly icon: string
  readonly now: () => number
  /** The lead whose deadline is next; null when nothing is owed or nobody can say. */
  readonly urgent: () => Promise<Pick<InboxRow, 'personId' | 'name' | 'clock'> | null>
  /** Until when nothing is announced, ms UTC; null or past: it is. */
  readonly muted: () => Promise<number | null>
  readonly mute: (until: number | null) => void
  readonly openPerson: (personId: number) => void
  readonly show: () => void
  readonly quit: () => void
}

/** Beside the clock of the computer: the most urgent lead and its countdown. */
export function createTray(options: TrayOptions) {
  const tray = new Tray(nativeImage.createFromPath(options.icon))
  tray.on('click', options.show)

  let shown: string | undefined
  const refresh = async () => {
    const [row, mutedUntil] = await Promise.all([options.urgent(), options.muted()])
    const muted = mutedUntil !== null && mutedUntil > options.now()
    if (tray.isDestroyed()) return
    const line = row?.clock ? `${duty(row.clock.kind, row.name)}, ${timeLeft(row.clock.dueAt, options.now())}` : null
    // A new menu closes the one that somebody may have open.
    const state = `${muted ? mutedUntil : ''}|${line ?? ''}`
    if (state === shown) return
    shown = state
    tray.setToolTip(`Deskbell: ${line ?? 'nobody is waiting'}${muted ? ' (muted)' : ''}`)
    // The only place on macOS where a text stands beside the icon.
    if (process.platform === 'darwin') tray.setTitle(row?.clock ? timeLeft(row.clock.dueAt, options.now()) : '')
    tray.setContextMenu(
      Menu.buildFromTemplate([
        line && row
          ? { label: line, click: () => options.openPerson(row.personId) }
          : { label: 'Nobody is waiting', enabled: false },
        { type: 'separator' },
        muted && mutedUntil !== null
          ? { label: `Muted until ${clockTime(mutedUntil)}: sound again`, click: () => options.mute(null) }
          : { label: 'Mute for an hour', click: () => options.mute(options.now() + muteMs) },
        { label: 'Open Deskbell', click: options.show },
        { label: 'Quit', click: options.quit },
      ]),
    )
  }

  const timer = setInterval(() => void refresh(), refreshMs)
  void refresh()
  return {
    refresh: () => void refresh(),
    destroy: () => {
      clearInterval(timer)
      tray.destroy()
    },
  }
}

const clockTime = (at: number) => new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(at)
