import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

/** Ctrl+K and a name: what Enter takes, however late the answer comes. */
let preview: Preview
let page: Page

beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())
beforeEach(async () => {
  page = await preview.open('scenario=sample')
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Command palette' }).waitFor()
})
afterEach(async () => {
  expect(preview.errors()).toEqual([])
  await page.close()
})

const results = () => page.getByRole('listbox', { name: 'Results' })
const selected = () => results().getByRole('option', { selected: true })

test('Enter right after a name opens that person, though the answer is still on its way', async () => {
  await page.keyboard.type('Priya')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Priya Patel' }).first().waitFor()
})

test('the first result is chosen from the start and when results come in; the box stays where it is', async () => {
  await expect.poll(() => selected().count()).toBe(1)
  const before = await page.locator('.mantine-Spotlight-content').boundingBox()
  await page.keyboard.type('an')
  await results()
    .getByRole('option', { name: /Ana Lopez/ })
    .first()
    .waitFor()
  await expect.poll(() => selected().innerText()).toContain('Ana Lopez')
  expect(await page.locator('.mantine-Spotlight-content').boundingBox()).toEqual(before)
})

test('the box has the keyboard from the moment it is there: the first letter of somebody quick is not lost', async () => {
  await page.keyboard.press('Escape')
  await page.getByRole('textbox', { name: 'Command palette' }).waitFor({ state: 'detached' })
  const focused = await page.evaluate(
    () =>
      new Promise<string | null | undefined>((there) => {
        new MutationObserver(() => {
          const box = document.querySelector('input[aria-label="Command palette"]')
          if (box) there(document.activeElement?.getAttribute('aria-label'))
        }).observe(document.body, { childList: true, subtree: true })
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))
      }),
  )
  expect(focused).toBe('Command palette')
})

test('the arrow keys walk the results around both ends, and what was chosen stays so when more comes in', async () => {
  await expect.poll(() => selected().count()).toBe(1)
  const first = await selected().innerText()
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => selected().innerText()).not.toBe(first)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => selected().innerText()).toBe(first)
  await page.keyboard.type('li')
  await page.keyboard.press('ArrowDown')
  const moved = await selected().innerText()
  await results().getByRole('group', { name: 'What was said' }).waitFor()
  await expect.poll(() => selected().innerText()).toBe(moved)
})

test('an action that is called so comes before those that only have to do with it', async () => {
  await page.keyboard.type('answer')
  const actions = results().getByRole('group', { name: 'Actions' })
  await expect.poll(() => actions.getByRole('option').first().innerText()).toContain('Waiting for their answer')
})

test('Enter runs an action once the box is closed', async () => {
  await page.keyboard.type('settings deadlines')
  await expect.poll(() => selected().count()).toBe(1)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Deadlines' }).first().waitFor()
  await page.getByRole('textbox', { name: 'Command palette' }).waitFor({ state: 'detached' })
})
