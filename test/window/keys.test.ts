import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, pressInRow, startPreview } from './open-preview.ts'

/** Keys that somebody changes, and moving from message to message, in a real browser. */
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

const dialog = () => page.getByRole('dialog', { name: 'Change keys' })
const openDialog = async () => {
  await page.keyboard.press('?')
  await page.getByRole('button', { name: 'Change keys' }).click()
  await dialog().waitFor()
}

test('a key that is taken is asked for, works at once and everywhere, and comes back with a reset', async () => {
  await openDialog()
  await page.getByRole('textbox', { name: 'Find an action or a key' }).fill('snooze')
  await page.getByRole('button', { name: 'Snooze: h. Change' }).click()
  await page.keyboard.press('a')
  await dialog().getByText('belongs to Assign.').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Snooze: a. Change' }).waitFor()
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })

  await page.getByText('Ana Lopez').first().click()
  await page.getByRole('heading', { name: 'Ana Lopez' }).first().waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Snooze' }).first().innerText()).toMatch(/a\s*$/)
  await expect.poll(() => page.getByRole('button', { name: 'Assign' }).first().innerText()).not.toMatch(/a\s*$/)
  await page.keyboard.press('a')
  await page.getByRole('dialog', { name: /Snooze/ }).waitFor()
  await page.keyboard.press('Escape')

  await openDialog()
  await page.getByRole('button', { name: 'Reset Snooze' }).click()
  await page.getByRole('button', { name: 'Assign: a. Change' }).waitFor()
})

test('two keys one after the other; Escape leaves all as it was; what fields need is refused', async () => {
  await openDialog()
  await page.getByRole('button', { name: 'One more key for Health' }).click()
  await pressInRow(page, 'g', 'y')
  await page.getByRole('button', { name: 'Health: g y. Change' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Health: g y. Change' }).click()
  await page.keyboard.press('Control+c')
  await dialog()
    .getByText(/cannot be chosen: it copies/)
    .waitFor()
  await page.getByRole('button', { name: 'Leave it' }).click()
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })
  await pressInRow(page, 'g', 'y')
  await page.getByRole('heading', { name: 'Health' }).first().waitFor()
})

test('n and p go from message to message; Enter opens what is folded', async () => {
  await page.getByText('Ana Lopez').first().click()
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
  await page.locator('li[data-message]').filter({ hasText: 'Sorry we missed you' }).waitFor()
  await page.keyboard.press('p')
  await expect.poll(focused).toContain('Sorry we missed you')
  for (let times = 0; times < 5; times += 1) await page.keyboard.press('p')
  await expect.poll(focused).toContain('Could you also include the worktop')
  await page.keyboard.press('Enter')
  await page.getByText('It holds for 30 days.').waitFor()
  await page.keyboard.press('n')
  await expect.poll(focused).toContain('She compares with two other firms')
})
