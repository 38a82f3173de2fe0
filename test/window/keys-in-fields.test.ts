import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** The keys of the window while somebody types. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

test('Escape leaves a field of the settings before it leaves the page', async () => {
  page = await preview.open('scenario=sample')
  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: 'Templates' }).click()
  await page.getByRole('button', { name: 'New text' }).click()
  const name = page.getByRole('textbox', { name: 'Name' })
  const hasFocus = () => name.evaluate((it) => it === document.activeElement)
  await expect.poll(hasFocus).toBe(true)
  await page.keyboard.type('Thanks')
  await page.keyboard.press('Escape')
  await expect.poll(hasFocus).toBe(false)
  expect(await name.inputValue()).toBe('Thanks')
})
