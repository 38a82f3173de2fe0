import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type Deskbell, type DeskbellOptions, launchDeskbell, removeHome } from './harness.ts'

const smallEngine = fileURLToPath(new URL('fixtures/small-engine.mjs', import.meta.url))

/** What a window saw of its engine since it began to watch. */
type Seen = {
  readonly states: readonly { readonly state: string; readonly attempt?: number }[]
  readonly ready: number
}

let running: Deskbell | undefined

afterEach(async () => {
  if (!running) return
  await running.kill()
  removeHome(running.home)
  running = undefined
})

const ways: readonly { readonly name: string; readonly utility: boolean; readonly env: DeskbellOptions['env'] }[] = [
  { name: 'utility process, as it ships', utility: true, env: { DESKBELL_ENGINE_NODE: undefined } },
  { name: 'Node child, as in development', utility: false, env: { DESKBELL_ENGINE_NODE: process.execPath } },
]

describe.each(ways)('engine as $name', ({ utility, env }) => {
  const launch = async (more: DeskbellOptions['env'] = {}) => {
    running = await launchDeskbell({ env: { ...env, DESKBELL_ENGINE_ENTRY: smallEngine, ...more } })
    await running.page.evaluate(() => {
      const seen = { states: [] as unknown[], ready: 0 }
      Object.assign(window, { seen })
      window.deskbell.host.onEvent((event) => void (event.name === 'engine.state' && seen.states.push(event.payload)))
      window.deskbell.onEvent((event) => void (event.name === 'engine.ready' && seen.ready++))
      return window.deskbell.host.ready({})
    })
    return running
  }
  const seen = (it: Deskbell) => it.page.evaluate(() => (window as unknown as { seen: Seen }).seen)
  const untilState = (it: Deskbell, state: string) =>
    expect.poll(() => it.host('engineState', {}), { timeout: 120_000 }).toMatchObject({ value: { state } })

  test('carries calls, bytes and secrets both ways and keeps their order', async () => {
    const it = await launch()
    const who = await it.call('test.who', {})
    expect(who).toMatchObject({ ok: true, value: { utility } })
    expect((who as { value: { args: string[] } }).value.args).toEqual(['--data', expect.stringContaining(it.home)])

    const echoed = await it.page.evaluate(async () => {
      const numbers = await Promise.all(Array.from({ length: 200 }, (_, n) => window.deskbell.call('test.echo', { n })))
      const bytes = await window.deskbell.call('test.echo', { bytes: new Uint8Array([0, 127, 255]) })
      const back = bytes.ok ? (bytes.value as { bytes: Uint8Array }).bytes : null
      return {
        numbers: numbers.map((it) => it.ok && (it.value as { n: number }).n),
        bytes: back && [...back],
        kind: back?.constructor.name,
      }
    })
    expect(echoed.numbers).toEqual(Array.from({ length: 200 }, (_, n) => n))
    expect(echoed).toMatchObject({ bytes: [0, 127, 255], kind: 'Uint8Array' })

    const secret = await it.call('test.keepSecret', { name: 'account-1', value: 'p@ß' })
    expect(secret).toEqual({ ok: true, value: { value: 'p@ß' } })
  })

  test('a killed engine rejects every waiting call at once and comes back', async () => {
    const it = await launch()
    await untilState(it, 'running')
    const before = await it.call('test.who', {})
    await it.page.evaluate(() => {
      const waiting = Promise.all([1, 2, 3].map(() => window.deskbell.call('test.hang', {})))
      Object.assign(window, { waiting })
    })
    // Answers only when the engine has read what was sent before it, so the three calls above are under way.
    await it.call('test.echo', {})
    const killed = it.killEngine()
    const answers = await it.page.evaluate(() => (window as unknown as { waiting: Promise<unknown> }).waiting)
    expect(answers).toEqual(
      Array.from({ length: 3 }, () => ({
        ok: false,
        error: expect.objectContaining({ code: 'ENGINE_GONE', retryable: true }),
      })),
    )

    await untilState(it, 'running')
    const after = await it.call('test.who', {})
    expect(before).toMatchObject({ value: { pid: killed } })
    expect((after as { value: { pid: number } }).value.pid).not.toBe(killed)
    await expect
      .poll(async () => (await seen(it)).states.map((state) => state.state))
      .toEqual(expect.arrayContaining(['restarting', 'starting', 'running']))
    await expect.poll(async () => (await seen(it)).ready).toBeGreaterThanOrEqual(1)
  })

  test('an engine that keeps dying is given up after five deaths, and "Try again" starts it', async () => {
    const it = await launch({ SMALL_ENGINE_DIES: 'at start' })
    await untilState(it, 'gave-up')
    const refused = await it.call('test.echo', {})
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'ENGINE_GONE', message: expect.stringMatching(/five times/) },
    })
    expect(it.errors()).toContain('the engine died (exit code 9), 5 of 5 times')
    expect(it.errors()).not.toContain('6 of 5')

    await it.app.evaluate(() => {
      delete process.env.SMALL_ENGINE_DIES
    })
    expect(await it.host('retryEngine', {})).toEqual({ ok: true, value: { state: 'running' } })
    expect(await it.call('test.echo', { again: true })).toEqual({ ok: true, value: { again: true } })
  })

  test('quitting lets running calls end, says goodbye to the engine and leaves no process behind', async () => {
    const it = await launch()
    await untilState(it, 'running')
    const pid = it.enginePid()
    await it.page.evaluate(() => void window.deskbell.call('test.slow', { ms: 400 }))
    await it.call('test.echo', {})
    await it.quit()
    expect(it.errors()).toContain('small engine: goodbye with 0 open calls')
    // Dead, the operating system keeps its number for a moment until somebody asked how it ended.
    await expect.poll(() => lives(pid)).toBe(false)
  })

  test('an engine whose app was killed ends, too', async () => {
    const it = await launch()
    await untilState(it, 'running')
    const pid = it.enginePid()
    process.kill(it.app.process().pid ?? 0, 'SIGKILL')
    await expect.poll(() => lives(pid)).toBe(false)
  })
})

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
