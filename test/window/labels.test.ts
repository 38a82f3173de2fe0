import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Preview, startPreview } from './open-preview.ts'

let preview: Preview
beforeAll(async () => {
  preview = await startPreview()
})
afterAll(() => preview.stop())

const pictures = process.env.DESKBELL_PICTURES

test('l puts a label on, the card takes it off, z brings it back', async () => {
  const page = await preview.open('scenario=sample')
  const row = page.getByRole('option').nth(2)
  await row.click()
  const name = (await row.getAttribute('aria-label'))?.split('.')[0] ?? ''
  await page.keyboard.press('l')
  const dialog = page.getByRole('dialog', { name: `Label ${name}` })
  await dialog.getByRole('textbox', { name: 'Name of a label' }).fill('Garden')
  await page.keyboard.press('Enter')
  const labels = page.getByRole('list', { name: `Labels of ${name}` })
  await labels.getByText('Garden').waitFor()
  await page.getByRole('option', { name: new RegExp(`^${name}.*Labels: .*Garden`) }).waitFor()
  await labels.getByRole('button', { name: 'Take off the label Garden' }).click()
  await labels.getByText('Garden').waitFor({ state: 'detached' })
  await page.keyboard.press('z')
  await labels.getByText('Garden').waitFor()
  expect(preview.errors()).toEqual([])
  await page.close()
})

test('a template goes to everything that is marked, after a look at who gets it and who does not', async () => {
  const page = await preview.open('scenario=sample')
  for (let at = 0; at < 5; at++) await page.getByRole('option').nth(at).locator('[title="Select (x)"]').click()
  await page.getByRole('button', { name: 'More for the marked leads' }).click()
  await page.getByRole('menuitem', { name: 'Send a template' }).click()
  await page.getByRole('dialog', { name: 'Send a template to 5 leads' }).getByRole('button').nth(1).click()
  const dialog = page.getByRole('dialog', { name: 'to 5 leads' })
  await dialog.getByText('4 people get this').waitFor()
  await dialog.getByText('1 person does not.').waitFor()
  await dialog.getByRole('button', { name: /^Send 4/ }).click()
  await page.getByText(/to \d+ people/).waitFor()
  expect(preview.errors()).toEqual([])
  await page.close()
})

test('a new view starts from a ready-made one', async () => {
  const page = await preview.open('scenario=sample')
  await page.getByRole('button', { name: 'New view' }).click()
  const dialog = page.getByRole('dialog', { name: 'New view' })
  await dialog.getByRole('button', { name: 'Lost 6–12 months ago' }).click()
  await expect
    .poll(() => dialog.getByRole('textbox', { name: 'Leads that fit' }).inputValue())
    .toContain('outcome:lost')
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await page.getByRole('heading', { name: 'Lost 6–12 months ago' }).waitFor()
  expect(preview.errors()).toEqual([])
  await page.close()
})

test.runIf(pictures)(
  'pictures',
  async () => {
    for (const [scenario, scheme, width, height] of [
      ['sample', 'light', 1280, 800],
      ['sample', 'dark', 1280, 800],
      ['ugly', 'light', 900, 700],
      ['ugly', 'dark', 1280, 800],
    ] as const) {
      const page = await preview.open(`scenario=${scenario}`, (it) => it.emulateMedia({ colorScheme: scheme }))
      await page.setViewportSize({ width, height })
      await page.getByRole('option').nth(1).click()
      const shot = (what: string) => page.screenshot({ path: `${pictures}/${scenario}-${scheme}-${what}.png` })
      await page.waitForTimeout(500)
      await shot('list')
      if (width < 1000) await page.keyboard.press('Escape')
      await page.keyboard.press('l')
      await page.waitForTimeout(500)
      await shot('label')
      await page.getByRole('button', { name: 'Rename or remove labels' }).click()
      await page.waitForTimeout(400)
      await shot('labels')
      await page.keyboard.press('Escape')
      for (let at = 0; at < 7; at++) await page.getByRole('option').nth(at).locator('[title="Select (x)"]').click()
      await page.getByRole('button', { name: 'More for the marked leads' }).click()
      await page.waitForTimeout(400)
      await shot('menu')
      await page.getByRole('menuitem', { name: 'Send a template' }).click()
      await page.waitForTimeout(400)
      await page.getByRole('dialog').getByRole('button').nth(1).click()
      await page.waitForTimeout(600)
      await shot('template')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'New view' }).click()
      await page.waitForTimeout(500)
      await shot('view')
      await page.close()
    }
  },
  240_000,
)
