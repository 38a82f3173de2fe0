import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What users get: packaged with the fuses of electron-builder.yml, which the script reads back from the binary. */
describe('the packaged app', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'deskbell-package-'))
  const app = path.join(work, 'linux-unpacked')
  const noSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  let packaging = { status: 1 as number | null, stderr: '' }

  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(path.join(app, 'deskbell'), [...noSandbox, `--user-data-dir=${path.join(work, 'home')}`, ...args], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 60_000,
    })

  beforeAll(() => {
    packaging = spawnSync('node', ['scripts/package.mjs', '--dir', '--output', work], { cwd: root, encoding: 'utf8' })
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  test('is made, with every fuse as asked', () => {
    expect(packaging.stderr).toMatch(/all 8 fuses are as they must be/)
    expect(packaging.status).toBe(0)
  })

  test('opens its window from the archive', () => {
    const picture = path.join(work, 'window.png')
    start(['--picture', picture, '--disable-gpu'])
    expect(existsSync(picture)).toBe(true)
  })

  test('cannot be used as a plain Node', () => {
    const made = path.join(work, 'ran')
    const code = `require('fs').writeFileSync(${JSON.stringify(made)}, '')`
    // What it takes for a script only makes it open a window, so it is told to take a picture and end.
    start(['-e', code, '--picture', path.join(work, 'x.png'), '--disable-gpu'], { ELECTRON_RUN_AS_NODE: '1' })
    expect(existsSync(made)).toBe(false)
  })

  test('runs no code but that of its archive', () => {
    const resources = path.join(app, 'resources')
    renameSync(path.join(resources, 'app.asar'), path.join(resources, 'elsewhere.asar'))
    const picture = path.join(work, 'none.png')
    const { status } = start([root, '--picture', picture, '--disable-gpu'])
    expect(existsSync(picture)).toBe(false)
    expect(status).not.toBe(0)
  })
})
