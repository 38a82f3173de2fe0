import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** The editor of the rules in a real browser, on the made-up engine of the preview. */
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
  await page.getByRole('button', { name: 'Score', exact: true }).click()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const button = (name: string | RegExp) => page.getByRole('button', { name })
const trial = () => page.getByRole('region', { name: 'What would change' })

test('other points: who would move stands there before anything is saved, and undoing takes it back', async () => {
  await trial().getByText('None of your last 8 leads would move.').waitFor()
  await expect.poll(() => button('Save').isDisabled()).toBe(true)
  await page.getByRole('textbox', { name: 'Points for “Called you”' }).fill('5')
  await trial().getByText('6 of your last 8 leads would move. Nothing is saved yet.').waitFor()
  await expect.poll(() => trial().getByText('Ana Lopez').count()).toBe(1)
  await button('Undo changes').click()
  await trial().getByText('None of your last 8 leads would move.').waitFor()
})

test('a condition is added by its menu; a rule without a name cannot be saved', async () => {
  await button('Edit “Left a phone number”').click()
  await button('Left a phone number: add a condition').click()
  await page.getByRole('menuitem', { name: 'Kind of number' }).click()
  await page.getByText('We know their phone number, and number is mobile').waitFor()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('')
  await trial().getByText('“A rule without a name” is not complete yet.').waitFor()
  await expect.poll(() => button('Save').isDisabled()).toBe(true)
})

test('another way to judge and rules of a trade are tried before they are saved', async () => {
  await page.getByText('A few questions', { exact: true }).click()
  await page.getByText('All yes is qualified, one no is disqualified').waitFor()
  await trial().getByText('To ask').first().waitFor()
  await button('Start from rules for your trade').click()
  await button(/^Moving/).click()
  await button('Save').click()
  await page.getByText('Saved. 8 leads scored again, 3 moved.').waitFor()
})

test('the scale hides the number: rows say how warm somebody is', async () => {
  await page.getByText('Hide the number', { exact: true }).click()
  await button('Save').click()
  await page.getByText(/^Saved/).waitFor()
  await page.keyboard.press('Escape')
  await button(/^Inbox/)
    .first()
    .click()
  await page.getByRole('option', { name: /^Ana Lopez.*\. Hot\. / }).waitFor()
})
