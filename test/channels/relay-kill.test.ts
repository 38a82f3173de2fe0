import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { insertAccount } from '../../src/channels/accounts.ts'
import type { RelaySettings } from '../../src/channels/contract.ts'
import { portFromSettings } from '../../src/channels/forms/port-setting.ts'
import { packRelaySecret } from '../../src/channels/relay/relay-secret.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openStore } from '../../src/store/open.ts'
import { eventually } from '../fakes/eventually.ts'
import { freePort } from '../fakes/free-port.ts'
import { makeHook, type RelayProcess, registerWorkspace, startRelayProcess } from '../fakes/relay/relay-process.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const kills = 16
const postsPerKill = 30
const posts = kills * postsPerKill
const token = '00112233445566778899aabbccddeeff'
const deskProgram = fileURLToPath(new URL('../fakes/relay/desk.ts', import.meta.url))

it(`${posts} posts through a relay and to an engine that are both killed again and again: none lost, none twice`, async () => {
  const relayFolder = temporaryFolder()
  const deskFolder = temporaryFolder()
  const limits = { RELAY_SENDER_BURST: '100000', RELAY_HOOK_BURST: '100000' }
  let relay: RelayProcess = await startRelayProcess({ RELAY_DATA: relayFolder, ...limits })
  const environment = { RELAY_DATA: relayFolder, RELAY_PORT: new URL(relay.url).port, ...limits }
  onTestFinished(() => relay.kill())
  const workspace = await registerWorkspace(relay.url)
  const url = `${relay.url}${await makeHook(relay.url, workspace, token)}`
  const secretsFile = join(temporaryFolder(), 'secrets.json')
  const relayId = await makeAccounts(deskFolder, relay.url, workspace.id)
  writeFileSync(secretsFile, JSON.stringify({ [`account-${relayId}`]: packRelaySecret(workspace) }))

  let desk: ChildProcess | null = null
  const killDesk = async () => {
    const child = desk
    desk = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const startDesk = async () => {
    const child = fork(deskProgram, [deskFolder, secretsFile], { execArgv: [] })
    desk = child
    await Promise.race([once(child, 'message'), once(child, 'exit')])
  }
  onTestFinished(killDesk)
  await startDesk()

  // A sender as Standard Webhooks asks for: the same thing under the same name until somebody takes it. Every other
  // one gives no name, then only the content tells a retry from a second request.
  let taken = 0
  const send = async (index: number) => {
    const body = new URLSearchParams({ name: `Visitor ${index}`, email: `visitor-${index}@example.com`, message: 'Hi' })
    const headers: Record<string, string> = index % 2 ? { 'idempotency-key': `post-${index}` } : {}
    await eventually(
      `post ${index} is taken`,
      async () => (await fetch(url, { method: 'POST', body, headers })).ok,
      300_000,
    )
    taken += 1
  }
  // Each kill falls somewhere into the posts that were let go for it.
  const sending: Promise<unknown>[] = []
  for (let killed = 0; killed < kills; killed++) {
    for (let index = 0; index < postsPerKill; index++) sending.push(send(killed * postsPerKill + index))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
    if (killed % 2) {
      await relay.kill()
      relay = await startRelayProcess(environment)
    } else {
      await killDesk()
      await startDesk()
    }
  }
  await Promise.all(sending)
  if (!desk) await startDesk()

  const read = <T>(file: string, sql: string): T[] => {
    const database = new BetterSqlite3(file, { readonly: true })
    try {
      return database.prepare(sql).all() as T[]
    } finally {
      database.close()
    }
  }
  const leads = () =>
    read<{ value: string }>(
      join(deskFolder, 'deskbell.db'),
      "SELECT value FROM handle WHERE kind = 'email' ORDER BY id",
    )
  await eventually('every post is in the inbox', () => leads().length >= posts)
  await eventually(
    'the relay has forgotten them',
    () => read<{ n: number }>(join(relayFolder, 'relay.db'), 'SELECT count(*) AS n FROM delivery')[0]?.n === 0,
  )
  expect(taken).toBe(posts)
  expect(new Set(leads().map((it) => it.value)).size).toBe(posts)
  const [counts] = read<{ items: number; interactions: number; people: number }>(
    join(deskFolder, 'deskbell.db'),
    `SELECT (SELECT count(*) FROM inbound_item) AS items, (SELECT count(*) FROM interaction) AS interactions,
      (SELECT count(*) FROM person) AS people`,
  )
  expect(counts).toEqual({ items: posts, interactions: posts, people: posts })
}, 600_000)

async function makeAccounts(folder: string, url: string, workspace: string): Promise<number> {
  const store = openStore(folder, silentLog)
  const form = { name: 'Website', source: 'Website', mapping: {}, token }
  const id = await store.write(async (tx) => {
    const formId = await insertAccount(tx, { kind: 'form', label: 'Website', settings: form, at: Date.now() })
    const hooks: RelaySettings['hooks'] = [{ kind: 'form', token, formId }]
    const settings: RelaySettings = { url, publicUrl: url, workspace, hooks }
    return insertAccount(tx, { kind: 'relay', label: 'Relay', settings, at: Date.now() })
  })
  // Its usual port may be taken by another engine on this machine while it is dead.
  await portFromSettings(store).chosen(await freePort())
  await store.close()
  return id
}
