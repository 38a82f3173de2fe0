import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Ctrl+K and a name: what Enter takes, however late the answer comes. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Command palette' }).waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const selected = () => page.locator('[data-action][data-selected]')

test('Enter right after a name opens that person, though the answer is still on its way', async () => {
  await page.keyboard.type('Priya')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Priya Patel' }).first().waitFor()
})

test('the first result is chosen from the start and when results come in; the box stays where it is', async () => {
  await expect.poll(() => selected().count()).toBe(1)
  const before = await page.locator('.mantine-Spotlight-content').boundingBox()
  await page.keyboard.type('an')
  await page.locator('[data-action]', { hasText: 'Ana Lopez' }).first().waitFor()
  await expect.poll(() => selected().innerText()).toContain('Ana Lopez')
  expect(await page.locator('.mantine-Spotlight-content').boundingBox()).toEqual(before)
})
