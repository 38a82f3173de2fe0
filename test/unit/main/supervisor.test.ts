import { describe, expect, test } from 'vitest'
import type { EngineProcess } from '../../../main/engine-host.ts'
import { restartExitCode } from '../../../main/engine-messages.ts'
import { createSupervisor } from '../../../main/supervisor.ts'
import type { EngineState } from '../../../preload/host-contract.ts'
import type { EventMessage, RelayResult } from '../../../src/rpc/connect.ts'
import { makeFakeClock } from '../../fakes/fake-clock.ts'

const ready = { kind: 'event', name: 'engine.ready', payload: { epoch: 'one' } }

/** An engine in the hands of a test: what it was sent, and buttons to answer and to die. */
type FakeEngine = {
  readonly args: readonly string[]
  readonly received: { kind: string; id?: number; method?: string }[]
  readonly say: (message: unknown) => void
  readonly exit: (code: number) => void
  readonly killed: () => boolean
}

function world() {
  const engines: FakeEngine[] = []
  const states: EngineState[] = []
  const windows: ((event: EventMessage) => void)[] = []
  const secrets = new Map<string, string>()
  const clock = makeFakeClock(1_000_000)

  const supervisor = createSupervisor({
    spawn: (args): EngineProcess => {
      const listeners: ((message: unknown) => void)[] = []
      const exits: ((exit: { code: number; reason: string }) => void)[] = []
      let killed = false
      const received: FakeEngine['received'] = []
      const exit = (code: number) => {
        for (const listener of exits.splice(0)) listener({ code, reason: `exit code ${code}` })
      }
      engines.push({
        args,
        received,
        say: (message) => {
          for (const listener of listeners) listener(message)
        },
        exit,
        killed: () => killed,
      })
      return {
        pid: engines.length,
        post: (message) => void received.push(message as never),
        onMessage: (listener) => void listeners.push(listener),
        onExit: (listener) => void exits.push(listener),
        kill: () => {
          killed = true
          exit(137)
        },
      }
    },
    clock,
    random: () => 0.5,
    onEvent: (event) => {
      for (const hear of windows) hear(event)
    },
    onState: (state) => void states.push(state),
    host: {
      getSecret: async (name) => secrets.get(name) ?? null,
      setSecret: async (name, value) => void secrets.set(name, value),
      deleteSecret: async (name) => void secrets.delete(name),
    },
    log: () => {},
  })
  return {
    supervisor,
    states,
    onEvent: (listener: (event: EventMessage) => void) => void windows.push(listener),
    engines,
    engine: () => {
      const last = engines.at(-1)
      if (!last) throw new Error('no engine was started')
      return last
    },
    settle: clock.settle,
    pass: clock.advance,
  }
}

describe('supervisor', () => {
  test('start resolves when the engine says that it is ready', async () => {
    const it = world()
    let started = false
    const start = it.supervisor.start(['--data', 'x']).then(() => {
      started = true
    })
    await it.settle()
    expect(started).toBe(false)
    it.engine().say(ready)
    await start
    expect(it.engine().args).toEqual(['--data', 'x'])
    expect(it.states.map((state) => state.state)).toEqual(['starting', 'running'])
  })

  test('a death rejects every waiting call; the next life answers again', async () => {
    const it = world()
    void it.supervisor.start([])
    const waiting = [it.supervisor.relay('a.b', {}), it.supervisor.relay('a.c', {})]
    it.engine().exit(1)
    for (const answer of await Promise.all(waiting)) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'ENGINE_GONE' } })
    }
    expect(it.supervisor.state()).toMatchObject({ state: 'restarting', attempt: 1 })
    await it.pass(1_000)
    const again = it.supervisor.relay('a.b', {})
    it.engine().say({ kind: 'reply', id: 1, ok: true, value: 'here' })
    expect(await again).toEqual({ ok: true, value: 'here' })
    expect(it.engines).toHaveLength(2)
  })

  test('back-off doubles, with jitter', async () => {
    const it = world()
    void it.supervisor.start([])
    const waits: number[] = []
    let clock = 1_000_000
    for (let death = 0; death < 4; death++) {
      it.engine().exit(1)
      const state = it.supervisor.state()
      if (state.state !== 'restarting') throw new Error(`unexpected ${state.state}`)
      waits.push(state.retryAt - clock)
      await it.pass(state.retryAt - clock)
      clock = state.retryAt
    }
    // 250 ms doubled each time, and half of the random half on top.
    expect(waits).toEqual([313, 625, 1250, 2500])
  })

  test('gives up after five deaths in five minutes; retry forgets them', async () => {
    const it = world()
    void it.supervisor.start([])
    for (let death = 0; death < 5; death++) {
      it.engine().exit(1)
      await it.pass(20_000)
    }
    expect(it.supervisor.state()).toMatchObject({ state: 'gave-up', error: { detail: 'exit code 1' } })
    expect(it.engines).toHaveLength(5)
    expect(await it.supervisor.relay('a.b', {})).toMatchObject({ ok: false, error: { message: /five times/ } })

    const retried = it.supervisor.retry()
    it.engine().say(ready)
    await retried
    expect(it.supervisor.state()).toEqual({ state: 'running' })
    it.engine().exit(1)
    expect(it.supervisor.state()).toMatchObject({ state: 'restarting', attempt: 1 })
  })

  test('deaths that are far apart never add up', async () => {
    const it = world()
    void it.supervisor.start([])
    for (let death = 0; death < 8; death++) {
      it.engine().exit(1)
      expect(it.supervisor.state()).toMatchObject({ state: 'restarting' })
      await it.pass(80_000)
    }
    expect(it.engines).toHaveLength(9)
  })

  test('an engine that cannot start says why and is not started again', async () => {
    const it = world()
    const start = it.supervisor.start([])
    const error = { code: 'DATABASE_NEWER', message: 'Update Deskbell.', fault: 'user', retryable: false }
    it.engine().say({ kind: 'fatal', error })
    expect(it.engine().received).toContainEqual({ kind: 'shutdown' })
    it.engine().exit(0)
    await start
    await it.pass(60_000)
    expect(it.engines).toHaveLength(1)
    expect(await it.supervisor.relay('inbox.list', {})).toEqual({ ok: false, error })
  })

  describe('an attempt after the engine gave up', () => {
    const damaged = { code: 'DATABASE_DAMAGED', message: 'Damaged.', fault: 'ours', retryable: false }
    async function gaveUp() {
      const it = world()
      const start = it.supervisor.start(['--data', 'x'])
      it.engine().say({ kind: 'fatal', error: damaged })
      it.engine().exit(0)
      await start
      return it
    }

    test('has its own arguments, which no later start repeats', async () => {
      const it = await gaveUp()
      const attempt = it.supervisor.attempt(['--restore=b'])
      expect(it.engine().args).toEqual(['--data', 'x', '--restore=b'])
      it.engine().say(ready)
      expect(await attempt).toBeNull()
      expect(it.supervisor.state()).toEqual({ state: 'running' })
      it.engine().exit(1)
      await it.pass(1_000)
      expect(it.engine().args).toEqual(['--data', 'x'])
      it.engine().exit(restartExitCode)
      expect(it.engine().args).toEqual(['--data', 'x'])
    })

    test('that works answers the windows from the moment they hear of it', async () => {
      const it = await gaveUp()
      const attempt = it.supervisor.attempt(['--restore=b'])
      const asked: Promise<RelayResult>[] = []
      it.onEvent(() => void asked.push(it.supervisor.relay('settings.get', {})))
      it.engine().say(ready)
      expect(it.engine().received).toEqual([{ kind: 'call', id: 1, method: 'settings.get', input: {} }])
      it.engine().say({ kind: 'reply', id: 1, ok: true, value: 'here' })
      expect(await Promise.all(asked)).toEqual([{ ok: true, value: 'here' }])
      expect(await attempt).toBeNull()
    })

    test('that fails says why and leaves everything as it was', async () => {
      const it = await gaveUp()
      const before = it.states.length
      const error = { code: 'BAD_INPUT', message: 'This is no backup.', fault: 'user', retryable: false }
      const attempt = it.supervisor.attempt(['--restore=b'])
      expect(await it.supervisor.relay('inbox.list', {})).toEqual({ ok: false, error: damaged })
      it.engine().say({ kind: 'fatal', error })
      it.engine().exit(0)
      expect(await attempt).toEqual(error)
      expect(it.supervisor.state()).toEqual({ state: 'gave-up', error: damaged })
      expect(it.states).toHaveLength(before)
      await it.pass(60_000)
      expect(it.engines).toHaveLength(2)
    })

    test('whose engine dies is not repeated', async () => {
      const it = await gaveUp()
      const attempt = it.supervisor.attempt(['--restore=b'])
      it.engine().exit(137)
      expect(await attempt).toMatchObject({ code: 'ENGINE_GONE', detail: 'exit code 137' })
      await it.pass(60_000)
      expect(it.engines).toHaveLength(2)
      expect(it.supervisor.state()).toEqual({ state: 'gave-up', error: damaged })
    })

    test('is the only one at a time, and none while an engine runs', async () => {
      const it = await gaveUp()
      const attempt = it.supervisor.attempt(['--restore=b'])
      expect(await it.supervisor.attempt(['--restore=c'])).toMatchObject({ code: 'CONFLICT' })
      await it.supervisor.retry()
      it.engine().say(ready)
      await attempt
      expect(await it.supervisor.attempt(['--restore=c'])).toMatchObject({ code: 'CONFLICT' })
      expect(it.engines).toHaveLength(2)
    })

    test('ends when the app is closed', async () => {
      const it = await gaveUp()
      const attempt = it.supervisor.attempt(['--restore=b'])
      const stopped = it.supervisor.stop()
      await it.pass(100)
      expect(it.engine().received.at(-1)).toEqual({ kind: 'shutdown' })
      it.engine().exit(0)
      await stopped
      expect(await attempt).toMatchObject({ code: 'ENGINE_GONE' })
      expect(it.supervisor.state()).toEqual({ state: 'stopped' })
    })
  })

  test('an engine that asks for a restart gets it at once and for free', async () => {
    const it = world()
    void it.supervisor.start([])
    for (let round = 0; round < 10; round++) it.engine().exit(restartExitCode)
    expect(it.engines).toHaveLength(11)
    expect(it.supervisor.state()).toEqual({ state: 'starting' })
  })

  test('stop refuses new calls, waits for running ones, then says shutdown', async () => {
    const it = world()
    void it.supervisor.start([])
    it.engine().say(ready)
    const running = it.supervisor.relay('a.slow', {})
    const stopped = it.supervisor.stop()
    expect(await it.supervisor.relay('a.late', {})).toMatchObject({ ok: false, error: { code: 'ENGINE_GONE' } })
    await it.pass(100)
    expect(it.engine().received.map((message) => message.kind)).toEqual(['call'])
    it.engine().say({ kind: 'reply', id: 1, ok: true, value: 7 })
    expect(await running).toEqual({ ok: true, value: 7 })
    await it.pass(100)
    expect(it.engine().received.at(-1)).toEqual({ kind: 'shutdown' })
    it.engine().exit(0)
    await stopped
    expect(it.supervisor.state()).toEqual({ state: 'stopped' })
    await it.pass(60_000)
    expect(it.engines).toHaveLength(1)
  })

  test('stop kills an engine that hangs', async () => {
    const it = world()
    void it.supervisor.start([])
    const hanging = it.supervisor.relay('a.hang', {})
    const stopped = it.supervisor.stop()
    await it.pass(9_000)
    expect(it.engine().killed()).toBe(false)
    await it.pass(2_000)
    expect(it.engine().killed()).toBe(true)
    await stopped
    expect(await hanging).toMatchObject({ error: { code: 'ENGINE_GONE' } })
  })

  test('stop while it waits to restart cancels the restart', async () => {
    const it = world()
    void it.supervisor.start([])
    it.engine().exit(1)
    await it.supervisor.stop()
    await it.pass(60_000)
    expect(it.engines).toHaveLength(1)
  })

  test('answers what the engine asks of the keychain', async () => {
    const it = world()
    void it.supervisor.start([])
    it.engine().say({ kind: 'host-call', id: 1, service: 'secret.set', name: 'account-1', value: 'x' })
    await it.settle()
    it.engine().say({ kind: 'host-call', id: 2, service: 'secret.get', name: 'account-1' })
    await it.settle()
    expect(it.engine().received.at(-1)).toEqual({ kind: 'host-reply', id: 2, ok: true, value: 'x' })
  })
})
