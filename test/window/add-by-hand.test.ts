import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Somebody stands at the counter: a name, a number and what they want, without the mouse. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
  await page.keyboard.press('Control+l')
  await dialog().getByRole('textbox', { name: 'Who was it?' }).waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const dialog = () => page.getByRole('dialog', { name: 'Add a lead by hand' })
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null)

for (const key of ['Tab', 'Enter']) {
  test(`${key} after a name that nobody has goes on with somebody new, and no letter typed is lost`, async () => {
    await page.keyboard.type('Paula Ruiz')
    await dialog().getByRole('button', { name: 'Somebody new: Paula Ruiz' }).waitFor()
    // Offered from the first letter on; taken only when it is known that there is nobody.
    await expect
      .poll(async () => {
        if ((await focused()) !== 'E-mail') await dialog().getByRole('textbox').first().press(key)
        return focused()
      })
      .toBe('E-mail')
    await page.keyboard.press('Tab')
    await page.keyboard.type('415 555 0142')
    await expect.poll(() => dialog().getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Paula Ruiz')
    await expect.poll(() => dialog().getByRole('textbox', { name: 'Phone' }).inputValue()).toBe('415 555 0142')
  })
}
