import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** What a member says of an address or number, and who is blocked. */
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

const number = '(415) 555-0101'
const handles = () => page.getByRole('list', { name: 'Addresses and numbers' })
const say = async (words: string) => {
  await page.getByRole('button', { name: `More for ${number}` }).click()
  await page.getByRole('menuitem', { name: words }).click()
}

test('a wrong number is struck through with who said so, until it is taken back', async () => {
  await say('Wrong number')
  await handles()
    .getByText(/^wrong number since .* · Dana Whitfield/)
    .waitFor()
  expect(await handles().locator('s').allTextContents()).toContain(number)
  await say('Not a wrong number after all')
  await handles().locator('s').waitFor({ state: 'detached' })
  await page.keyboard.press('z')
  await handles().locator('s').waitFor()
})

test('no more texts is written down, and allowed again by the one who wrote it', async () => {
  await say('They want no more texts here')
  await handles()
    .getByText(/^no texts since .* · Dana Whitfield/)
    .waitFor()
  await say('Allow texts again…')
  await page.getByRole('dialog').getByRole('button', { name: 'Allow again' }).click()
  await handles()
    .getByText(/^no texts since/)
    .waitFor({ state: 'detached' })
})

test('what they asked for themselves takes a reason', async () => {
  await page.getByRole('option', { name: /Nadia Novak/ }).click()
  await page.getByRole('heading', { name: 'Nadia Novak' }).waitFor()
  await handles()
    .getByRole('button', { name: /^More for \(/ })
    .click()
  await page.getByRole('menuitem', { name: 'Allow texts again…' }).click()
  const allow = page.getByRole('dialog').getByRole('button', { name: 'Allow again' })
  await expect.poll(() => allow.isDisabled()).toBe(true)
  await page.getByLabel('How did they agree to it again?').fill('Signed a form at the counter')
  await allow.click()
  await handles()
    .getByText(/^no texts since/)
    .waitFor({ state: 'detached' })
})

test('who is blocked leaves the list, stands in the settings, and is unblocked there', async () => {
  const name = (await page.getByRole('heading', { level: 2 }).first().textContent()) ?? ''
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Command palette' }).fill('robocall')
  await page
    .getByRole('listbox', { name: 'Results' })
    .getByRole('option', { name: /^Block/ })
    .click()
  await page.getByText(`Blocked: ${name}`).waitFor()
  await expect.poll(() => page.getByRole('option', { name: new RegExp(name) }).count()).toBe(0)
  await page.keyboard.press('Control+,')
  await page.getByRole('button', { name: 'Blocked', exact: true }).click()
  const row = page.getByRole('button', { name: `Unblock ${number}` })
  await row.click()
  await row.waitFor({ state: 'detached' })
})
