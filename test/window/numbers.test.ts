import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Fields of the settings that hold a whole number, in a real browser. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
  await page
    .getByRole('button', { name: /^Settings/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'First answer', exact: true }).click()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const hours = () => page.getByRole('textbox', { name: 'One per person every (hours)' })
const seconds = () => page.getByRole('textbox', { name: 'Wait before it leaves (seconds)' })
const save = () => page.getByRole('button', { name: 'Save', exact: true })

test('a number that was emptied is what it was', async () => {
  await seconds().fill('45')
  await hours().fill('')
  await hours().press('Enter')
  await page.getByText('Saved', { exact: true }).waitFor()
  await seconds().focus()
  await expect.poll(() => hours().inputValue()).toBe('24')
  await expect.poll(() => save().isDisabled()).toBe(true)
})

test('a number that cannot be is the nearest that can, also before the field is left', async () => {
  await hours().fill('5000')
  await hours().press('Enter')
  await page.getByText('Saved', { exact: true }).waitFor()
  await seconds().focus()
  await expect.poll(() => hours().inputValue()).toBe('720')
})

test('what was typed is taken back as a whole', async () => {
  await hours().fill('12')
  await page.getByRole('button', { name: 'Undo changes' }).click()
  await expect.poll(() => hours().inputValue()).toBe('24')
})

test('what is typed while the rest is saved is not saved yet', async () => {
  await hours().fill('12')
  await hours().evaluate((field: HTMLInputElement) => {
    field.form?.requestSubmit()
    // As React hears it: by the setter that it does not watch.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, '36')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  })
  await page.getByText('Saved', { exact: true }).waitFor()
  await expect.poll(() => hours().inputValue()).toBe('36')
  await page.getByRole('button', { name: 'Undo changes' }).click()
  await expect.poll(() => hours().inputValue()).toBe('12')
})
