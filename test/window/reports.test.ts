import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Preview, pressInRow, startPreview } from './open-preview.ts'

/** The reports page in a real browser, on the made-up engine of the preview. */
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

const open = async (scenario: string) => {
  page = await preview.open(`scenario=${scenario}`)
  await pressInRow(page, 'g', 'a')
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
  await expect.poll(() => weeks.getByRole('button').count()).toBe(8)
  const words = await weeks.getByRole('button').last().getAttribute('aria-label')
  expect(words).toMatch(/^Week of .+: \d+ of \d+ leads in time, \d+% \(/)
})

test('an empty business is told what will be here', async () => {
  await open('empty')
  await page.getByText('Nothing was due in these weeks').waitFor()
})
