import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { insertAccount } from '../../src/channels/accounts.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openStore } from '../../src/store/open.ts'
import { token } from './forms-world.ts'

const victim = fileURLToPath(new URL('./forms-victim.ts', import.meta.url))

let folder: string
let children: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbell-forms-'))
  children = []
})
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  rmSync(folder, { recursive: true, force: true })
})

async function start(accountId: number, die: boolean): Promise<{ url: string; gone: Promise<unknown> }> {
  const child = fork(victim, [folder, String(accountId), die ? 'die' : ''], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.push(child)
  const gone = once(child, 'exit')
  const [url] = (await Promise.race([once(child, 'message'), gone.then(() => ['it died at once'])])) as [string]
  return { url, gone }
}

it('a post that was stored but not answered, sent again to the engine that came back, is there once', async () => {
  const store = openStore(folder, silentLog)
  const settings = { name: 'Website', source: 'Website', mapping: {}, token }
  const accountId = await store.write((tx) => insertAccount(tx, { kind: 'form', label: 'Website', settings, at: 1 }))
  await store.close()
  const post = (url: string) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ name: 'Ana', message: 'Please call' }) })

  const first = await start(accountId, true)
  await expect(post(first.url)).rejects.toThrow()
  await first.gone
  const second = await start(accountId, false)
  expect(second.url).toBe(first.url)
  expect((await post(second.url)).status).toBe(200)
  children.at(-1)?.kill('SIGKILL')
  await second.gone

  const after = openStore(folder, silentLog)
  const rows = await after.read.db.selectFrom('inbound_item').select('external_id').execute()
  await after.close()
  expect(rows).toHaveLength(1)
})
