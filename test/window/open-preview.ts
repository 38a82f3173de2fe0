import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright'
import { inject } from 'vitest'

export type Preview = {
  /**
   * @param search  what to show, as in main.ts: `scenario=ugly`
   * @param before  what the page needs before it loads
   */
  readonly open: (search: string, before?: (page: Page) => Promise<unknown>) => Promise<Page>
  /** What the page that was opened last threw, from its first moment on. */
  readonly errors: () => readonly string[]
  readonly stop: () => Promise<void>
}

// Playwright's own when it was fetched, else the system's.
const executablePath = [chromium.executablePath(), '/usr/bin/chromium'].find(existsSync)

/** Keys in a row: sent without waiting for each, since the window counts how much time lies between them. */
export const pressInRow = (page: Page, ...keys: readonly string[]) =>
  Promise.all(keys.map((key) => page.keyboard.press(key)))

/** The window on the made-up engine, in a real browser. */
export async function startPreview(): Promise<Preview> {
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox'],
  })
  let errors: string[] = []
  return {
    open: async (search, before) => {
      // Drawn without a graphics card, each frame of an animation takes a machine of tests half a second.
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
      page.setDefaultTimeout(120_000)
      errors = []
      page.on('pageerror', (error) => errors.push(error.message))
      await before?.(page)
      await page.goto(`${inject('preview')}?${search}`)
      await page.getByRole('heading', { name: 'Inbox' }).waitFor()
      return page
    },
    errors: () => errors,
    stop: () => browser.close(),
  }
}
