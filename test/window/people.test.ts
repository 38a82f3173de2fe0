import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

let preview: Preview
beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())

const pictures = process.env.DESKBELL_PICTURES

test('people stand by name, and typing jumps to a letter', async () => {
  const page = await preview.open('scenario=sample')
  await page.getByRole('button', { name: /^People/ }).click()
  const order = page.getByRole('radiogroup', { name: 'Order of people' })
  await order.getByText('A–Z').click()
  const jump = page.getByRole('textbox', { name: 'Jump to a name' })
  await jump.waitFor()
  const names = async () =>
    page.getByRole('option').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')?.split('.')[0]))
  await expect
    .poll(async () => {
      const shown = await names()
      return shown.length > 3 && shown.join() === shown.toSorted((a, b) => (a ?? '').localeCompare(b ?? '')).join()
    })
    .toBe(true)
  if (pictures) await page.screenshot({ path: `${pictures}/people-by-name.png` })
  await jump.pressSequentially('m')
  await expect.poll(async () => (await names())[0]?.[0]?.toLowerCase()).toBe('m')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox')
  if (pictures) await page.screenshot({ path: `${pictures}/people-from-m.png` })
  await page.getByRole('heading', { name: 'People' }).waitFor()
  await jump.fill('zzzz')
  await page.getByText('Nobody comes after that').waitFor()
  await order.getByText('Due first').click()
  await jump.waitFor({ state: 'detached' })
  expect(preview.errors()).toEqual([])
  await page.close()
})
