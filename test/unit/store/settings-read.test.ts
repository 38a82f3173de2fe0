import { afterEach, expect, it } from 'vitest'
import { silentLog } from '../../../src/lib/log.ts'
import { defaultSettings } from '../../../src/settings/defaults.ts'
import { openStore } from '../../../src/store/open.ts'
import { readSettings, saveSetting } from '../../../src/store/queries/settings.ts'

const store = openStore(':memory:', silentLog)
afterEach(() => store.close())

it('checks a setting once for each text it has, and never answers an older one', async () => {
  const first = await readSettings(store.read)
  const again = await readSettings(store.read)
  expect(again.scoring).toBe(first.scoring)

  await store.write((tx) => saveSetting(tx, 'undoSeconds', 20))
  expect((await readSettings(store.read)).undoSeconds).toBe(20)
  expect((await readSettings(store.read)).scoring).toBe(first.scoring)

  // A transaction that does not come to its end leaves nothing behind.
  const failed = store.write(async (tx) => {
    await saveSetting(tx, 'undoSeconds', 30)
    expect((await readSettings(tx)).undoSeconds).toBe(30)
    throw new Error('taken back')
  })
  await expect(failed).rejects.toThrow('taken back')
  expect((await readSettings(store.read)).undoSeconds).toBe(20)

  await store.write(async ({ db }) => {
    await db.updateTable('setting').set({ value: '"many"' }).where('key', '=', 'undoSeconds').execute()
  })
  expect((await readSettings(store.read)).undoSeconds).toBe(defaultSettings.undoSeconds)
})
