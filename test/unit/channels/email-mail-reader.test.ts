import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { identifyMail } from '../../../src/channels/email/mail-identity.ts'
import { type MailReader, makeMailReader, plainReader } from '../../../src/channels/email/mail-reader.ts'
import type { MailTask, ReadMail } from '../../../src/channels/email/read-mail.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { eventually } from '../../fakes/eventually.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'
import { arrival } from './email-fixtures.ts'

const script = new URL('../../../src/channels/email/mail-thread.ts', import.meta.url)
const folder = new URL('../../fixtures/mail/', import.meta.url)
const readers: MailReader[] = []
const folders: string[] = []

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close()
  for (const it of folders.splice(0)) rmSync(it, { recursive: true, force: true })
})

function open(from: URL, clock = makeFakeClock()) {
  const warnings: string[] = []
  const log = { ...silentLog, warn: (_: object, message?: string) => void warnings.push(message ?? '') }
  const reader = makeMailReader(from, { clock, log })
  readers.push(reader)
  return { reader, clock, warnings }
}

/** Every mail that is hard to read. */
const tasks: readonly MailTask[] = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => {
    const raw = readFileSync(new URL(name, folder))
    const place = { accountId: 1, own: ['info@shop.test'], folder: 'inbox', history: true } as const
    return { raw, arrivedAt: arrival, identity: identifyMail(raw), place }
  })

test('the thread reads every mail as we would ourselves, files and all', async () => {
  const worker = new Worker(script)
  try {
    expect((await once(worker, 'message'))[0]).toEqual({ ready: true })
    worker.postMessage({ id: 7, tasks })
    const [{ id, read }] = (await once(worker, 'message')) as [{ id: number; read: readonly ReadMail[] }]
    expect(id).toBe(7)
    expect(read.length).toBeGreaterThan(50)
    expect(read).toEqual(await plainReader.read(tasks))
    const files = read.flatMap((it) => ('content' in it && it.content.kind === 'email' ? it.content.files : []))
    expect(files.some((file) => file.bytes !== null && file.bytes.byteLength > 0)).toBe(true)
  } finally {
    await worker.terminate()
  }
})

test('mail does not wait for the thread to start, and answers belong to what was asked', async () => {
  const { reader, warnings } = open(script)
  const parts = [tasks.slice(0, 20), tasks.slice(20, 40), tasks.slice(10, 30)]
  for (let round = 0; round < 10; round++) {
    const read = await Promise.all(parts.map((part) => reader.read(part)))
    for (const [index, part] of parts.entries()) expect(read[index]).toEqual(await plainReader.read(part))
  }
  expect(warnings).toEqual([])
})

test('when the thread dies or cannot be started, the mails are read all the same', async () => {
  const broken = scriptOf(`${ready}\nparentPort.on('message', () => process.exit(3))`)
  for (const from of [broken, new URL('file:///nowhere/mail-thread.js')]) {
    const { reader, warnings } = open(from)
    await eventually('it is left alone', async () => {
      expect(await reader.read(tasks)).toHaveLength(tasks.length)
      return warnings.length === 3
    })
    await reader.read(tasks)
    expect(warnings).toHaveLength(3)
  }
})

test('the thread ends when nothing was to be read for a while, and starts again', async () => {
  const counted = scriptOf(
    `${ready}\nlet asked = 0\nparentPort.on('message', ({ id, tasks }) => {\n  parentPort.postMessage({ id, read: tasks.map(() => ({ leftOut: 'round ' + asked })) })\n  asked += 1\n})`,
  )
  const { reader, clock } = open(counted)
  const round = async () => (await reader.read(tasks))[0]
  const isUp = async () => JSON.stringify(await round()).includes('round 0')
  await eventually('the thread is up', isUp)
  expect(await round()).toEqual({ leftOut: 'round 1' })
  await clock.advance(60_000)
  await eventually('a new one is up', isUp)
})

const ready = "import { parentPort } from 'node:worker_threads'\nparentPort.postMessage({ ready: true })"

function scriptOf(text: string): URL {
  const made = mkdtempSync(join(tmpdir(), 'deskbell-thread-'))
  folders.push(made)
  writeFileSync(join(made, 'thread.mjs'), text)
  return pathToFileURL(join(made, 'thread.mjs'))
}
