import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EnginePort, holdCalls } from '../../../main/engine-port.ts'

const module = fileURLToPath(new URL('../../../main/engine-port.ts', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'deskbell-port-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs a few lines in a Node child that has the port. Node runs the TypeScript as it is. */
function child(lines: string) {
  const file = path.join(folder, 'child.mjs')
  writeFileSync(file, `import { enginePort } from ${JSON.stringify(module)}\nconst port = enginePort()\n${lines}`)
  return fork(file, { serialization: 'advanced', execArgv: [], stdio: 'ignore' })
}

test('nothing that was said is lost when the process ends right after', async () => {
  const engine = child(`
    for (let n = 0; n < 200; n++) port.post({ n, bytes: new Uint8Array(50_000) })
    await port.flushed()
    process.exit(75)
  `)
  const heard: number[] = []
  engine.on('message', (message: { n?: number }) => void (message.n !== undefined && heard.push(message.n)))
  const code = await new Promise((resolve) => engine.once('close', resolve))
  expect(heard).toEqual(Array.from({ length: 200 }, (_, n) => n))
  expect(code).toBe(75)
})

test('an engine learns that its host is gone', async () => {
  const engine = child('port.onMessage(() => {}); port.closed.then(() => process.exit(7)); port.post("up")')
  await new Promise((resolve) => engine.once('message', resolve))
  engine.disconnect()
  expect(await new Promise((resolve) => engine.once('exit', resolve))).toBe(7)
})

test('calls that come early are held in order, all else is not', () => {
  let deliver: (message: unknown) => void = () => {}
  const port: EnginePort = {
    post: () => {},
    onMessage: (listener) => {
      deliver = listener
    },
    closed: new Promise(() => {}),
    flushed: async () => {},
  }
  const { transport, release } = holdCalls(port)
  const heard: unknown[] = []
  transport.onMessage((message) => void heard.push(message))
  deliver({ kind: 'call', id: 1 })
  deliver({ kind: 'host-reply', id: 1 })
  deliver({ kind: 'call', id: 2 })
  expect(heard).toEqual([{ kind: 'host-reply', id: 1 }])
  release()
  deliver({ kind: 'call', id: 3 })
  expect(heard.slice(1)).toEqual([
    { kind: 'call', id: 1 },
    { kind: 'call', id: 2 },
    { kind: 'call', id: 3 },
  ])
})
