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
  await page.locator('li[data-message]').filter({ hasText: 'Could you also include the worktop' }).waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const message = () => page.getByRole('textbox', { name: 'Message' })

test('f passes the newest mail on with its files; what was being written to the lead comes back', async () => {
  await page.keyboard.press('r')
  await message().fill('Dear Ana')
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  const to = page.locator('input[aria-label="Forward to"]')
  await to.waitFor()
  await expect.poll(() => to.evaluate((it) => it === document.activeElement)).toBe(true)
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Subject' }).inputValue())
    .toBe('Fwd: Re: Quote for the kitchen')
  await expect.poll(() => message().inputValue()).toContain('Could you also include the worktop?')
  await expect.poll(() => page.getByRole('list', { name: 'Files of the mail' }).innerText()).toContain('floor plan.pdf')
  await page.getByRole('button', { name: 'Leave out video.mov' }).click()
  await to.fill('fitter@partner.example')
  await message().press('Control+Home')
  await message().pressSequentially('Friday?')
  await message().press('Control+Enter')
  await page.getByRole('article', { name: 'Mail forwarded to fitter@partner.example' }).waitFor()
  await expect.poll(() => message().inputValue()).toBe('Dear Ana')
  await expect.poll(() => page.getByRole('button', { name: 'Do not forward' }).count()).toBe(0)
})

test('a mail that is pointed at goes; without an address nothing does; it can be left', async () => {
  const pointedAt = () =>
    page.evaluate(() => document.activeElement?.closest('li[data-message]')?.textContent ?? 'no message')
  for (let times = 0; times < 10 && !(await pointedAt()).includes('We got your request'); times += 1) {
    const before = await pointedAt()
    await page.keyboard.press('p')
    await expect.poll(pointedAt).not.toBe(before)
  }
  await page.keyboard.press('f')
  await expect.poll(() => message().inputValue()).toContain('Dana will call you within five minutes')
  await message().press('Control+Enter')
  await message().press('Control+Enter')
  await expect.poll(() => page.getByRole('article', { name: /Mail forwarded/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Do not forward' }).click()
  await expect.poll(() => message().inputValue()).toBe('')
})

test('the lines above the message send and let go by the same keys as the message', async () => {
  await page.keyboard.press('f')
  const to = page.locator('input[aria-label="Forward to"]')
  const hasFocus = () => to.evaluate((it) => it === document.activeElement)
  await expect.poll(hasFocus).toBe(true)
  await to.fill('fitter@partner.example')
  await to.press('Escape')
  await expect.poll(hasFocus).toBe(false)
  await page.getByRole('textbox', { name: 'Subject' }).press('Control+Enter')
  await page.getByRole('article', { name: 'Mail forwarded to fitter@partner.example' }).waitFor()
})
