import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** The chips under words that are sent later: what a template may use goes where the cursor is. */
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

test('a chip replaces what is selected, and the next one follows it', async () => {
  page = await preview.open('scenario=sample')
  await page
    .getByRole('button', { name: /^Settings/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'First answer', exact: true }).click()
  await page
    .getByRole('button', { name: /^Read and change/ })
    .first()
    .click()
  const chips = page.getByRole('group', { name: /^Put in/ }).first()
  const words = page.getByRole('textbox').and(page.locator('textarea')).first()
  await words.fill('Hi NAME!')
  await words.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(3, 7))
  await chips.getByRole('button', { name: 'First name', exact: true }).click()
  const first = 'Hi {{contact.first_name | "there"}}'
  await expect.poll(() => words.inputValue()).toBe(`${first}!`)
  await expect
    .poll(() => words.evaluate((field: HTMLTextAreaElement) => field.selectionStart), { message: 'the cursor is set' })
    .toBe(first.length)
  await chips.getByRole('button', { name: 'Your business', exact: true }).click()
  await expect.poll(() => words.inputValue()).toBe(`${first}{{business.name}}!`)
})
