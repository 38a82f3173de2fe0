import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** A call on one's own phone, also with somebody who is in no list yet. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

test('a stranger by their number: Save makes them, logs the call and opens them', async () => {
  await page.getByRole('button', { name: /^Calls/ }).click()
  await page.getByRole('button', { name: 'Log a call with somebody else' }).click()
  const dialog = page.getByRole('dialog', { name: 'Log a call' })
  const save = dialog.getByRole('button', { name: 'Save' })
  await dialog.getByLabel('Who was it?').fill('(415) 555-0177')
  await dialog.getByRole('button', { name: /^Somebody new/ }).click()
  await expect.poll(() => save.isDisabled()).toBe(true)
  await dialog.getByLabel('Name').fill('Walter Hill')
  await dialog.getByText('Connected').click()
  await save.click()
  await page.getByRole('heading', { name: 'Walter Hill' }).first().waitFor()
  await page.getByText('Call logged: Walter Hill').waitFor()
})

test('of whoever is open a digit saves at once', async () => {
  await page.getByRole('button', { name: 'Log a call' }).click()
  await page.getByRole('dialog', { name: /^Log a call with / }).waitFor()
  await page.keyboard.press('3')
  await page.getByText(/^Call logged: /).waitFor()
})

test('how it went is changed in the timeline; a callback is asked for with its time', async () => {
  await page.getByRole('button', { name: 'Log a call' }).click()
  await page.getByRole('dialog', { name: /^Log a call with / }).waitFor()
  await page.keyboard.press('3')
  await page.getByRole('button', { name: 'No answer. Change how it went' }).click()
  await page.getByRole('menuitem', { name: 'Callback requested' }).click()
  const dialog = page.getByRole('dialog', { name: /^When shall we call .* back\?$/ })
  await dialog.getByLabel('When', { exact: true }).fill('tomorrow at 9')
  const save = dialog.getByRole('button', { name: 'Save' })
  await expect.poll(() => save.isEnabled()).toBe(true)
  await save.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Callback requested. Change how it went' }).waitFor()
})
