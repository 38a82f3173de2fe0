import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Passing a mail on, in a real browser. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
  await page.getByText('Ana Lopez').first().click()
  await page.getByText('Could you also include the worktop').waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const patient = { timeout: 20_000 }
const message = () => page.getByRole('textbox', { name: 'Message' })

test('f passes the newest mail on with its files; what was being written to the lead comes back', async () => {
  await page.keyboard.press('r')
  await message().fill('Dear Ana')
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  const to = page.locator('input[aria-label="Forward to"]')
  await to.waitFor()
  await expect.poll(() => to.evaluate((it) => it === document.activeElement), patient).toBe(true)
  expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Fwd: Re: Quote for the kitchen')
  expect(await message().inputValue()).toContain('Could you also include the worktop?')
  expect(await page.getByRole('list', { name: 'Files of the mail' }).innerText()).toContain('floor plan.pdf')
  await page.getByRole('button', { name: 'Leave out video.mov' }).click()
  await to.fill('fitter@partner.example')
  await message().press('Control+Home')
  await message().pressSequentially('Friday?')
  await message().press('Control+Enter')
  await page.getByRole('article', { name: 'Mail forwarded to fitter@partner.example' }).waitFor()
  expect(await message().inputValue()).toBe('Dear Ana')
  expect(await page.getByRole('button', { name: 'Do not forward' }).count()).toBe(0)
})

test('a mail that is pointed at goes; without an address nothing does; it can be left', async () => {
  await page.keyboard.press('p')
  for (let times = 0; times < 10; times += 1) {
    if (await page.evaluate(() => document.activeElement?.textContent?.includes('We got your request'))) break
    await page.keyboard.press('p')
  }
  await page.keyboard.press('f')
  await expect.poll(() => message().inputValue(), patient).toContain('Dana will call you within five minutes')
  await message().press('Control+Enter')
  await message().press('Control+Enter')
  expect(await page.getByRole('article', { name: /Mail forwarded/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Do not forward' }).click()
  expect(await message().inputValue()).toBe('')
})
