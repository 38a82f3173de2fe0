import type { App, Session, Shell, WebContents } from 'electron'
import { isOwnUrl } from './app-protocol.ts'

const openable: ReadonlySet<string> = new Set(['https:', 'mailto:', 'tel:'])
/** What a window loads; everything else, and so the whole network, is cancelled before it leaves the process. */
const loadable: ReadonlySet<string> = new Set(['app:', 'data:', 'blob:', 'devtools:'])

/** Whether an address may be handed to the computer's browser, mail program or phone. */
export function isOpenable(url: string): boolean {
  return URL.canParse(url) && openable.has(new URL(url).protocol)
}

/** The only way out of the app for an address. Answers whether it was opened. */
export async function openOutside(shell: Pick<Shell, 'openExternal'>, url: string): Promise<boolean> {
  if (!isOpenable(url)) return false
  // The parsed form: what was checked is what is opened.
  await shell.openExternal(new URL(url).href)
  return true
}

/** Electron grants every permission a page asks for unless it is told otherwise. No page of ours needs any. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !URL.canParse(details.url) || !loadable.has(new URL(details.url).protocol) })
  })
}

/**
 * Whatever a page tries, it stays the page it is.
 * @param onLink  told when a page wants a new window, for instance for a link in a mail; none is opened
 */
export function hardenContents(app: App, onLink: (contents: WebContents, url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isOwnUrl(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame && event.url !== 'about:srcdoc') event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isOpenable(url)) onLink(contents, new URL(url).href)
      return { action: 'deny' }
    })
  })
}
