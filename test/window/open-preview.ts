import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'

export type Preview = {
  /** @param search  what to show, as in main.ts: `scenario=ugly` */
  readonly open: (search: string) => Promise<Page>
  readonly stop: () => Promise<void>
}

const executablePath = [chromium.executablePath(), '/usr/bin/chromium'].find(existsSync)

/** Builds the window on the made-up engine and serves it to a real browser. */
export async function startPreview(): Promise<Preview> {
  const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error' })
  const server: PreviewServer = await preview({
    configFile,
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0 },
  })
  const browser: Browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox'],
  })
  return {
    open: async (search) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      await page.goto(`${server.resolvedUrls?.local[0]}?${search}`)
      await page.getByRole('heading', { name: 'Inbox' }).waitFor()
      return page
    },
    stop: async () => {
      await browser.close()
      await server.close()
    },
  }
}
