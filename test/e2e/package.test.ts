import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { extractAll, listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startDovecot } from '../fakes/dovecot.ts'
import { engineProcess } from '../fakes/engine-process.ts'
import { eventually } from '../fakes/eventually.ts'
import { startSmtp } from '../fakes/smtp.ts'
import { mailboxOn, owner, rawMail } from './business-world.ts'
import { runtime } from './harness.ts'

const megabyte = 1024 * 1024
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What users get: packaged with the fuses of electron-builder.yml, which the script reads back from the binary. */
describe('the packaged app', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'deskbell-package-'))
  const folder = path.join(work, 'linux-unpacked')
  const archive = path.join(folder, 'resources/app.asar')
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  let packaging = { status: 1 as number | null, stderr: '' }

  /** Resolves with the exit code. With a folder of its own, since a second app on the same one would leave at once. */
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    new Promise<number>((resolve) => {
      const home = `--user-data-dir=${mkdtempSync(path.join(work, 'home-'))}`
      const options = { env: { ...process.env, ...env }, timeout: 60_000 }
      const app = execFile(path.join(folder, 'deskbell'), [...noSandbox, home, ...args, '--disable-gpu'], options)
      app.once('exit', (code) => resolve(code ?? 1))
    })

  beforeAll(() => {
    packaging = spawnSync('node', ['scripts/package.mjs', '--dir', '--output', work], { cwd: root, encoding: 'utf8' })
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  test('is made, with every fuse as asked', () => {
    expect(packaging.stderr).toMatch(/all 8 fuses are as they must be/)
    expect(packaging.status).toBe(0)
  })

  // Both end only when the stand-in's engine was given up, so together.
  test.concurrent('opens its window from the archive', async () => {
    const picture = path.join(work, 'window.png')
    await start(['--picture', picture])
    expect(existsSync(picture)).toBe(true)
  })

  test.concurrent('cannot be used as a plain Node', async () => {
    const made = path.join(work, 'ran')
    const code = `require('fs').writeFileSync(${JSON.stringify(made)}, '')`
    // What it takes for a script only makes it open a window, so it is told to take a picture and end.
    await start(['-e', code, '--picture', path.join(work, 'x.png')], { ELECTRON_RUN_AS_NODE: '1' })
    expect(existsSync(made)).toBe(false)
  })

  test('holds what it needs to run, and nothing for another system or from this folder', () => {
    const folders = new Set(listPackage(archive, { isPack: false }).map((file) => file.split('/')[1]))
    expect(folders).toEqual(new Set(['package.json', 'node_modules', 'out', 'resources']))
    const natives = listPackage(archive, { isPack: false }).filter((file) =>
      /\.(node|dll|dylib|so)\b[\d.]*$/.test(file),
    )
    const own = new RegExp(`${process.platform}(-|/)${process.arch}`)
    expect(natives.filter((file) => !own.test(file))).toEqual([])
    expect(natives.length).toBeGreaterThan(2)
    const sizes = [
      archive,
      ...readdirSync(`${archive}.unpacked`, { recursive: true, encoding: 'utf8' }).map((it) =>
        path.join(`${archive}.unpacked`, it),
      ),
    ]
    expect(sizes.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(180 * megabyte)
  })

  test('in a utility process, reads mail, learns and understands texts in threads from the archive', () => {
    const probe = path.join(root, 'test/e2e/fixtures/archive-probe')
    const args = [...noSandbox, `--user-data-dir=${path.join(work, 'probe')}`, probe, archive]
    const { stdout } = spawnSync(runtime().executable, args, { encoding: 'utf8', timeout: 60_000 })
    const said = new Map(stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [answerIn(line)] : [])))
    expect(said.get('mail')).toMatchObject({
      read: [{ content: { subject: 'Küche', text: 'How much is a new kitchen?' } }],
    })
    expect(said.get('training')).toMatchObject({ kind: 'trained' })
    const { vectors } = said.get('encoder') as { vectors: number[][] }
    const [kitchen = [], sameInOtherWords = [], another = []] = vectors
    expect(likeness(kitchen, sameInOtherWords)).toBeGreaterThan(0.7)
    expect(likeness(kitchen, another)).toBeLessThan(0.3)
  })

  // The stand-in for Electron has too old a Node for the database, so the same files run on ours, from a folder.
  test('stores a mail that comes in and says what it is about', async () => {
    const unpacked = path.join(work, 'plain/app.asar')
    mkdirSync(path.dirname(unpacked))
    extractAll(archive, unpacked)
    symlinkSync(`${archive}.unpacked`, `${unpacked}.unpacked`)
    const dovecot = await startDovecot()
    onTestFinished(() => dovecot.close())
    const smtp = await startSmtp()
    onTestFinished(() => smtp.close())
    const program = path.join(unpacked, 'out/main/engine-entry.js')
    const engine = engineProcess(path.join(work, 'data'), { program, trust: [dovecot.ca, smtp.ca] })
    await engine.start()
    onTestFinished(() => engine.stop())
    const { call } = engine.client()
    await call('channels.saveEmail', mailboxOn({ dovecot, smtp }))
    const text =
      'Hello, could you send me a quote for a new kitchen? It is 12 by 14 feet. We would like to start in May.'
    const mail = { from: 'Ana <ana@leads.example>', subject: 'Quote for a kitchen', text, messageId: '1@leads.example' }
    // What was in the mailbox before it was connected is history, and history opens no leads.
    await eventually('the mailbox is connected', async () => {
      const { accounts } = await call('channels.list', {})
      return accounts[0]?.state === 'ok'
    })
    await dovecot.append(owner, rawMail(mail))
    const found = await eventually('the mail is understood', async () => {
      const { rows } = await call('inbox.list', { view: 'inbox', after: null, limit: 10 })
      const [row] = rows
      return row && (await call('people.card', { personId: row.personId })).lead?.insight
    })
    expect(found).toMatchObject({ intent: 'quote_request', corrected: false })
    expect((await call('score.textModel', {})).state).toBe('ready')
    expect((await call('templates.list', {})).templates.length).toBeGreaterThan(3)
    expect((await call('calendar.places', { country: 'DE', state: null })).states.length).toBe(16)
  })

  test('runs no code but that of its archive', async () => {
    const resources = path.join(folder, 'resources')
    renameSync(archive, path.join(resources, 'elsewhere.asar'))
    const picture = path.join(work, 'none.png')
    const status = await start([root, '--picture', picture])
    expect(existsSync(picture)).toBe(false)
    expect(status).not.toBe(0)
  })
})

const answerIn = (line: string): [string, unknown] => {
  const { name, answer } = JSON.parse(line) as { name: string; answer: unknown }
  return [name, answer]
}

/** Of vectors of length 1: 1 for the same direction. */
const likeness = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
