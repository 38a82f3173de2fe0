import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright'
import { build, type PreviewServer, preview } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

/** The reports page in a real browser, on the made-up engine of the preview. */
let server: PreviewServer
let browser: Browser
let page: Page
let errors: string[]

// Playwright's own when it was fetched, else the system's.
const executablePath = [chromium.executablePath(), '/usr/bin/chromium'].find(existsSync)

beforeAll(async () => {
  const configFile = fileURLToPath(new URL('vite.config.ts', import.meta.url))
  const outDir = fileURLToPath(new URL('../../node_modules/.cache/window-preview-reports', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir } })
  server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
beforeEach(async () => {
  errors = []
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.on('pageerror', (error) => errors.push(error.message))
})
afterEach(async () => {
  expect(errors).toEqual([])
  await page.close()
})

const open = async (scenario: string) => {
  await page.goto(`${server.resolvedUrls?.local[0]}?scenario=${scenario}`)
  await page.getByRole('navigation', { name: 'Views' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('heading', { name: 'Reports' }).waitFor()
}

test('a number opens its leads, and a miss is excused and counted again with the keyboard', async () => {
  await open('sample')
  const late = page.getByRole('button', { name: /^Dana Whitfield: \d+ late, show them$/ })
  await late.focus()
  await page.keyboard.press('Enter')
  const behind = page.getByRole('dialog', { name: 'Dana Whitfield' })
  const excuse = behind.getByRole('button', { name: /^Excuse: / }).first()
  await excuse.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Why it should not count').fill('Power cut')
  await page.keyboard.press('Enter')
  await page.getByText(/^Not counted: /).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await behind
    .getByRole('button', { name: /^Excuse: / })
    .first()
    .waitFor()
})

test('what the chart shows is said in words, week by week', async () => {
  await open('ugly')
  const weeks = page.getByRole('list', { name: 'Weeks' })
  await weeks.waitFor()
  expect(await weeks.getByRole('button').count()).toBe(8)
  const words = await weeks.getByRole('button').last().getAttribute('aria-label')
  expect(words).toMatch(/^Week of .+: \d+ of \d+ leads in time, \d+ % \(/)
})

test('an empty business is told what will be here', async () => {
  await open('empty')
  await page.getByText('Nothing was due in these weeks').waitFor()
})
