import { writeFile } from 'node:fs/promises'
import type { BrowserWindow } from 'electron'

const quietMs = 600
const pollMs = 50
const longestMs = 30_000

/**
 * Saves the window as a PNG once it is painted: the page is loaded, its fonts are there, and for a while nobody has
 * waited for the engine. After half a minute it takes what there is.
 * @param pending  how many calls wait for the engine now
 */
export async function takePicture(window: BrowserWindow, file: string, pending: () => number): Promise<void> {
  if (window.webContents.isLoading()) {
    await new Promise<void>((resolve) => window.webContents.once('did-stop-loading', () => resolve()))
  }
  const giveUpAt = Date.now() + longestMs
  let quietSince = Date.now()
  while (Date.now() - quietSince < quietMs && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    if (pending() > 0) quietSince = Date.now()
  }
  await window.webContents.executeJavaScript(
    'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))))',
  )
  const image = await window.webContents.capturePage()
  await writeFile(file, image.toPNG())
}
