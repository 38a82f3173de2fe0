import path from 'node:path'
import { BrowserWindow, type WebContents } from 'electron'
import type { HostEvent } from '../preload/host-contract.ts'
import type { EventMessage } from '../src/rpc/connect.ts'
import { appUrl } from './app-protocol.ts'

export type WindowsOptions = {
  /** The folder with main/, preload/ and renderer/. */
  readonly built: string
  readonly icon: string
  readonly size: { readonly width: number; readonly height: number }
  readonly dark: boolean
}

export type Windows = {
  /** Opens the window, or brings the open one to the front. */
  readonly show: () => BrowserWindow
  readonly sendEvent: (event: EventMessage) => void
  /** Kept for a window that does not listen yet, except states of the engine. */
  readonly sendHostEvent: (event: HostEvent) => void
  readonly listens: (contents: WebContents) => void
}

const reloadAfterMs = 1_000

/** The app's window: the page, its locks, and what is sent to it. */
export function createWindows({ built, icon, size, dark }: WindowsOptions): Windows {
  let window: BrowserWindow | null = null
  let listening = false
  let waiting: HostEvent[] = []

  const open = () => {
    const opened = new BrowserWindow({
      ...size,
      minWidth: 420,
      minHeight: 480,
      useContentSize: true,
      show: false,
      title: 'Deskbell',
      icon,
      // Before the first paint, so that a dark room is not lit by a white flash.
      backgroundColor: dark ? '#1a1b1e' : '#ffffff',
      webPreferences: {
        preload: path.join(built, 'preload/index.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // Countdowns must be right the moment somebody looks.
        backgroundThrottling: false,
        // Its dictionaries would be fetched from somebody else's server without anyone being asked.
        spellcheck: false,
      },
    })
    opened.once('ready-to-show', () => opened.show())
    opened.on('closed', () => {
      window = null
      listening = false
    })
    // A new page listens anew. Not earlier: a navigation that we refuse also starts, and frames load with every mail.
    opened.webContents.on('did-navigate', () => {
      listening = false
    })
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      listening = false
      if (reason === 'clean-exit') return
      // Nothing is lost, the engine has it all. The pause keeps a page that always crashes from spinning.
      setTimeout(() => opened.isDestroyed() || void opened.loadURL(appUrl), reloadAfterMs)
    })
    void opened.loadURL(appUrl)
    return opened
  }

  return {
    show: () => {
      if (window) {
        if (window.isMinimized()) window.restore()
        window.show()
        window.focus()
      }
      window ??= open()
      return window
    },
    sendEvent: (event) => window?.webContents.send('deskbell:event', event),
    sendHostEvent: (event) => {
      // States grow old: a page asks for the present one when it starts. What it shows before it can open a person, for
      // instance that the data is damaged, depends on them.
      if (window && (listening || event.name === 'engine.state')) window.webContents.send('deskbell:host-event', event)
      else if (event.name !== 'engine.state') waiting = [...waiting, event].slice(-20)
    },
    listens: (contents) => {
      if (contents !== window?.webContents) return
      listening = true
      for (const event of waiting) contents.send('deskbell:host-event', event)
      waiting = []
    },
  }
}
