import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** The health page in a real browser, on the made-up engine of the preview. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=ugly')
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const openHealth = () => page.getByRole('button', { name: /^Health/ }).click()
/** The names of all marks from now on, as they come: one that goes again may be gone before we look. */
function watchMarks(): string[] {
  const seen: string[] = []
  new MutationObserver(() => {
    for (const mark of document.querySelectorAll('article [role=img]')) seen.push(mark.getAttribute('aria-label') ?? '')
  }).observe(document.body, { subtree: true, childList: true, attributes: true })
  return seen
}
const card = (name: string) => page.getByRole('article', { name })

test('a quiet channel is in the banner and on the rail, and leads to its card', async () => {
  await page.getByText('Contact page: No web form in 6 days, usually every 9 hours.').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Health: 3 channels need you' }).count()).toBe(1)
  await page.getByRole('button', { name: 'Look at it: quiet channels' }).click()
  await card('Web form Contact page').getByText('No web form in 6 days, usually every 9 hours.').waitFor()
  await expect.poll(() => page.getByRole('button', { name: /^Look at it/ }).count()).toBe(0)
})

test('saying that it is fine with the keyboard ends the alarm', async () => {
  await openHealth()
  await page.getByRole('button', { name: /^It is fine: Contact page/ }).focus()
  await page.keyboard.press('Enter')
  await card('Web form Contact page').getByText('Quiet, and you said that is fine').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Health: 2 channels need you' }).count()).toBe(1)
})

test('the broken one comes first; one that was never used claims nothing', async () => {
  await openHealth()
  const cards = page.getByRole('article')
  await cards.first().waitFor()
  await expect.poll(() => cards.first().getAttribute('aria-label')).toBe('Mailbox old@brightwater.example')
  const fresh = await card('Web form Spring campaign').innerText()
  expect(fresh).toContain('nothing yet')
  expect(fresh).toContain('not known yet')
  expect(fresh).toContain('never tested')
  expect(fresh).not.toContain('Usually takes')
})

test('a test shows its steps as it goes, each with a word for how it ended', async () => {
  await openHealth()
  const it = card('Web form Spring campaign')
  const seen = await page.evaluateHandle(watchMarks)
  await it.getByRole('button', { name: 'Test it: Spring campaign' }).click()
  await it.getByRole('img', { name: 'Good' }).waitFor()
  expect(await seen.jsonValue()).toContain('Under way')
  await it.getByText(/^tested \d+ s ago$/).waitFor()
  const twilio = card('Calls and texts (415) 555-0100')
  await expect.poll(() => twilio.getByRole('img', { name: 'Failed' }).count()).toBe(1)
  await expect.poll(() => twilio.getByRole('img', { name: 'To know' }).count()).toBe(1)
})

test('why something was left out is one click away', async () => {
  await openHealth()
  const it = card('Mailbox hello@brightwater.example')
  await it.getByRole('button', { name: 'Why 315 were left out' }).click()
  await it.getByText('290 × From somebody you wrote to before Deskbell was connected').waitFor()
})
