import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Deskbell, launchDeskbell, newHome, removeHome } from './harness.ts'

const slowEngine = fileURLToPath(new URL('fixtures/slow-engine.mjs', import.meta.url))
const people = ['Ana Lopez', 'Gus Chen']
const newcomer = 'Priya Patel'

/** A file with everybody's leads that no longer opens: the window says so, touches nothing, and offers a way out. */
describe('a database that cannot be opened', () => {
  let desk: Deskbell
  let home: string
  /** For what lies outside of Deskbell's own folder. */
  let elsewhere: string
  const backup = () => path.join(elsewhere, 'deskbell-2026-03-01.deskbell')
  const folder = () => path.join(home, 'business')
  const database = () => path.join(folder(), 'deskbell.db')
  const cutOff = () => truncateSync(database(), Math.floor(readFileSync(database()).length * 0.6))
  const button = (name: string) => desk.page.getByRole('button', { name, exact: true })
  const trouble = () => desk.page.getByRole('alert')
  const row = (name: string) => desk.page.getByRole('option', { name: new RegExp(`^${name}`) })

  // A business with people in it, a backup of it, and the app closed.
  beforeEach(async () => {
    home = newHome()
    elsewhere = newHome()
    desk = await launchDeskbell({ home })
    await ask('settings.savePreferences', { setUp: true })
    for (const name of people) await add(name)
    await ask('store.backup', { path: backup() })
    await desk.quit()
  })
  afterEach(async () => {
    await desk?.kill()
    removeHome(home)
    removeHome(elsewhere)
  })

  test.each([
    ['overwritten', {}, () => writeFileSync(database(), Buffer.alloc(50_000, 'not a database '))],
    // The window asks again at the engine's first word, long before its next: it once heard that nothing runs.
    ['cut off, on a slow machine', { DESKBELL_ENGINE_ENTRY: slowEngine }, cutOff],
  ])('%s: says so, changes nothing, and comes back from a backup', async (_, env, damage) => {
    damage()
    const damaged = readFileSync(database())
    const before = filesIn(folder())
    desk = await launchDeskbell({ home, env })
    await trouble().getByRole('heading', { name: 'Your data file is damaged' }).waitFor()
    await trouble().getByText('Nothing was deleted. Restore a backup').waitFor()
    await expect
      .poll(() => trouble().getByRole('textbox', { name: 'The folder with your data' }).inputValue())
      .toBe(folder())
    await desk.picture('damaged')
    expect(filesIn(folder())).toEqual(before)

    // Something else by mistake: the damage is still what the page is about.
    const letter = path.join(elsewhere, 'letter.db')
    writeFileSync(letter, 'Dear Ana, thank you for your order.')
    await restoreFrom(letter)
    await trouble().getByText('This file is no backup of Deskbell. Choose another one.').waitFor()
    await trouble().getByRole('heading', { name: 'Your data file is damaged' }).waitFor()
    await desk.picture('damaged-no-backup')
    expect(filesIn(folder())).toEqual(before)

    await restoreFrom(backup())
    for (const name of people) await row(name).waitFor()
    await expect.poll(() => trouble().getByRole('heading', { name: 'Your data file is damaged' }).count()).toBe(0)
    await desk.picture('damaged-restored')
    const kept = readdirSync(folder()).filter((name) => name.startsWith('deskbell.db.before-restore'))
    expect(kept).toHaveLength(1)
    expect(readFileSync(path.join(folder(), kept[0] ?? '')).equals(damaged)).toBe(true)

    // And the next life of the engine goes on from there instead of restoring once more.
    await add(newcomer)
    const killed = desk.killEngine()
    await desk.untilEngineRuns(killed)
    await row(newcomer).waitFor()
    await desk.quit()
    desk = await launchDeskbell({ home })
    for (const name of [...people, newcomer]) await row(name).waitFor()
  })

  test('of a newer version: says so, changes nothing, and opens again when it fits', async () => {
    const version = setVersion((now) => now + 1000)
    const before = filesIn(folder())
    desk = await launchDeskbell({ home })
    await trouble().getByRole('heading', { name: 'Your data is from a newer Deskbell' }).waitFor()
    await trouble().getByText('Please install the newest version.').waitFor()
    await expect
      .poll(() => trouble().getByRole('textbox', { name: 'The folder with your data' }).inputValue())
      .toBe(folder())
    await desk.picture('newer')
    await button('Try again').click()
    await trouble().getByRole('heading', { name: 'Your data is from a newer Deskbell' }).waitFor()
    await desk.quit()
    expect(filesIn(folder())).toEqual(before)

    // As the newer Deskbell would find it.
    desk = await launchDeskbell({ home })
    await trouble().waitFor()
    setVersion(() => version)
    await button('Try again').click()
    for (const name of people) await row(name).waitFor()
  })

  test('of the sample: the own business is one click away', async () => {
    mkdirSync(path.join(home, 'sample'))
    writeFileSync(path.join(home, 'sample', 'deskbell.db'), 'not a database')
    desk = await launchDeskbell({ home, args: ['--demo'] })
    await trouble().getByRole('heading', { name: 'Your data file is damaged' }).waitFor()
    await button('Go to my own business').click()
    for (const name of people) await row(name).waitFor()
  })

  async function restoreFrom(file: string): Promise<void> {
    // The dialog is the system's; what the person chooses in it is not.
    await desk.app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    }, file)
    await button('Restore a backup…').click()
    const question = desk.page.getByRole('dialog', { name: 'Restore this backup?' })
    await question.getByText(path.basename(file)).waitFor()
    await question.getByRole('button', { name: 'Restore', exact: true }).click()
    await question.waitFor({ state: 'detached' })
  }

  /** Answers the version that was there. */
  function setVersion(change: (now: number) => number): number {
    const file = new BetterSqlite3(database())
    const now = Number(file.pragma('user_version', { simple: true }))
    file.pragma(`user_version = ${change(now)}`)
    file.close()
    return now
  }

  const add = (name: string) => {
    const email = `${name.replace(' ', '.').toLowerCase()}@leads.example`
    return ask('people.add', { name, email, phone: null, source: 'Walk-in' })
  }

  async function ask(method: string, input: unknown): Promise<void> {
    const result = await desk.call(method, input)
    if (!result.ok) throw new Error(`${method}: ${result.error.message}`)
  }
})

/** What every file is, by its content. The lock is taken by whoever looks at the folder and holds nothing. */
function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('engine.lock'))
    .map((entry) => path.join(entry.parentPath, entry.name))
  const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
  return Object.fromEntries(files.toSorted().map((file) => [path.relative(folder, file), hash(file)]))
}
