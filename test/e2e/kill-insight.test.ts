import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { engineProcess, sourceEngine } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { seeded } from '../fakes/faults/seeded.ts'
import { temporaryFolder } from '../fakes/temp-folder.ts'

const messages = 200
// While the model is loaded, which takes a second: more often than a message that takes the engine along is tried.
const killsLoading = 4
const killsReading = 4
const seed = Number(process.env.DESKBELL_SEED ?? Date.now() % 1_000_000)

it(`${messages} messages are understood once each, though the engine is killed again and again meanwhile (seed ${seed})`, async () => {
  const random = seeded(seed)
  const dataDir = temporaryFolder()
  await receive(dataDir)
  const database = new BetterSqlite3(join(dataDir, 'deskbell.db'), { readonly: true })
  onTestFinished(() => void database.close())
  const number = (sql: string) => Number(database.prepare(sql).pluck().get())
  const read = () => number('SELECT count(*) FROM message_insight')
  expect([read(), number('SELECT count(*) FROM insight_queue')]).toEqual([0, messages])

  const engine = engineProcess(dataDir)
  onTestFinished(() => engine.stop())
  await engine.start()
  const killAndStart = () => engine.kill().then(engine.start)
  for (let n = 0; n < killsLoading; n++) {
    await new Promise((resolve) => setTimeout(resolve, random() * 300))
    await killAndStart()
  }
  let hits = 0
  for (let n = 0; n < killsReading; n++) {
    const mark = ((n + random()) / killsReading) * messages * 0.8
    await eventually('progress', () => read() > mark, 120_000)
    if (read() < messages) hits += 1
    await killAndStart()
  }
  await eventually('everything is understood', () => read() === messages, 120_000)
  expect(number('SELECT count(*) FROM insight_queue')).toBe(0)
  expect(hits).toBeGreaterThan(killsReading / 2)
}, 300_000)

/** Through a form, by an engine that runs from the sources and so has no text model: all of them wait. */
async function receive(dataDir: string): Promise<void> {
  const engine = engineProcess(dataDir, { program: sourceEngine })
  onTestFinished(() => engine.stop())
  await engine.start()
  const settings = { name: 'Website', source: 'Website', mapping: {} }
  const { url } = await engine.client().call('channels.saveForm', { id: null, settings })
  const send = async (n: number) => {
    const message = `I would like a quote for kitchen number ${n}, please. It has ${n % 4} windows.`
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `Lead ${n}`, email: `lead${n}@leads.example`, message }),
    })
    expect(answer.ok).toBe(true)
  }
  await Promise.all(Array.from({ length: messages }, (_, n) => send(n)))
  await engine.stop()
}
