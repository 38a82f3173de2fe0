import type { EngineState } from '../preload/host-contract.ts'
import type { Clock } from '../src/lib/clock.ts'
import type { Host } from '../src/lib/host.ts'
import { type Client, connect, type EventMessage, engineGone, type RelayResult } from '../src/rpc/connect.ts'
import type { ErrorBody } from '../src/rpc/errors.ts'
import { answerHostCalls } from '../src/rpc/host-link.ts'
import type { EngineProcess, SpawnEngine } from './engine-host.ts'
import { isFromEngine, restartExitCode, type ToEngine } from './engine-messages.ts'

export type SupervisorOptions = {
  readonly spawn: SpawnEngine
  readonly clock: Clock
  /** Between 0 and 1, for the jitter of restarts. */
  readonly random: () => number
  readonly onEvent: (event: EventMessage) => void
  readonly onState: (state: EngineState) => void
  /** Answers what the engine asks of the host. */
  readonly host: Host
  readonly log: (message: string) => void
}

export type Supervisor = {
  /** Resolves when the engine answers calls, or when it was given up. */
  readonly start: (args: readonly string[]) => Promise<void>
  /** A call of a window. Always resolves; `ENGINE_GONE` while no engine runs. */
  readonly relay: (method: string, input: unknown) => Promise<RelayResult>
  /** Ordered: refuses new calls, lets running ones end, asks the engine to close, kills it when it does not. */
  readonly stop: () => Promise<void>
  /** "Try again": forgets the deaths so far and starts. */
  readonly retry: () => Promise<void>
  /**
   * Starts once with more arguments after the engine gave up; no later start repeats them. Only an engine that then
   * runs changes the state.
   * @returns why it does not run, or null
   */
  readonly attempt: (once: readonly string[]) => Promise<ErrorBody | null>
  readonly state: () => EngineState
  readonly pending: () => number
  readonly pid: () => number | undefined
}

const budget = { deaths: 5, withinMs: 5 * 60_000 }
const backOff = { firstMs: 250, longestMs: 10_000 }
const stopping = { drainMs: 5_000, exitMs: 5_000, pollMs: 20 }

const gaveUp: ErrorBody = {
  code: 'ENGINE_GONE',
  message:
    'Deskbell’s engine stopped five times in five minutes, so it is not started again by itself. Your data is safe on disk. Try again, or restart the computer if it keeps happening.',
  fault: 'ours',
  retryable: true,
}

const alreadyRuns: ErrorBody = {
  code: 'CONFLICT',
  message: 'Deskbell is at work already. Try again in a moment.',
  fault: 'user',
  retryable: true,
}

type Attempt = { readonly args: readonly string[]; readonly ended: (problem: ErrorBody | null) => void }

/**
 * Keeps one engine alive. Every call gets an answer: when the engine dies, all that wait are rejected with
 * `ENGINE_GONE` at once and windows fetch again after the next `engine.ready`.
 */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  let args: readonly string[] = []
  let state: EngineState = { state: 'stopped' }
  let running: { readonly process: EngineProcess; readonly client: Client } | undefined
  let deaths: number[] = []
  let cancelRestart: (() => void) | undefined
  let refusing = false
  let exited: (() => void) | undefined
  let stopped: Promise<void> | undefined
  const settled = new Set<() => void>()

  const setState = (next: EngineState) => {
    state = next
    options.onState(next)
    if (next.state === 'starting' || next.state === 'restarting') return
    for (const resolve of settled) resolve()
    settled.clear()
  }

  const launch = (attempt?: Attempt) => {
    cancelRestart = undefined
    if (!attempt) setState({ state: 'starting' })
    const engine = options.spawn(attempt ? [...args, ...attempt.args] : args)
    const client = connect(engine)
    answerHostCalls(engine, options.host)
    running = { process: engine, client }
    let fatal: ErrorBody | undefined
    let undecided = attempt
    client.onAny((event) => {
      if (event.name === 'engine.ready') {
        // Before the windows hear of it: they ask again at once, and must not be told that nothing runs.
        setState({ state: 'running' })
        undecided?.ended(null)
        undecided = undefined
      }
      options.onEvent(event)
    })
    engine.onMessage((message) => {
      if (!isFromEngine(message)) return
      fatal = message.error
      engine.post({ kind: 'shutdown' } satisfies ToEngine)
    })
    engine.onExit(({ code, reason }) => {
      running = undefined
      client.close()
      undecided?.ended(fatal ?? { ...engineGone, detail: reason })
      if (exited) {
        exited()
        setState({ state: 'stopped' })
      } else if (undecided) {
        options.log(`an attempt to start the engine failed (${fatal?.code ?? reason})`)
      } else if (fatal) {
        setState({ state: 'gave-up', error: fatal })
      } else if (code === restartExitCode) {
        launch()
      } else {
        died(reason)
      }
    })
  }

  const died = (reason: string) => {
    const now = options.clock.now()
    deaths = [...deaths.filter((at) => now - at < budget.withinMs), now]
    options.log(`the engine died (${reason}), ${deaths.length} of ${budget.deaths} times`)
    if (deaths.length >= budget.deaths) {
      setState({ state: 'gave-up', error: { ...gaveUp, detail: reason } })
      return
    }
    const exponential = Math.min(backOff.longestMs, backOff.firstMs * 2 ** (deaths.length - 1))
    const delay = Math.round(exponential * (1 + options.random() / 2))
    setState({ state: 'restarting', attempt: deaths.length, retryAt: now + delay })
    cancelRestart = options.clock.after(delay, () => launch())
  }

  const untilSettled = () => new Promise<void>((resolve) => settled.add(resolve))
  const wait = (delay: number) => new Promise<void>((resolve) => void options.clock.after(delay, resolve))

  const stop = async () => {
    refusing = true
    cancelRestart?.()
    cancelRestart = undefined
    const engine = running
    if (!engine) return setState({ state: 'stopped' })
    const gone = new Promise<void>((resolve) => {
      exited = resolve
    })
    const drainUntil = options.clock.now() + stopping.drainMs
    while (engine.client.pending() > 0 && options.clock.now() < drainUntil) await wait(stopping.pollMs)
    engine.process.post({ kind: 'shutdown' } satisfies ToEngine)
    const cancelKill = options.clock.after(stopping.exitMs, () => {
      options.log('the engine did not stop in time and was killed')
      engine.process.kill()
    })
    await gone
    cancelKill()
    exited = undefined
  }

  return {
    start: (withArgs) => {
      args = withArgs
      refusing = false
      deaths = []
      const done = untilSettled()
      launch()
      return done
    },
    relay: (method, input) => {
      // What an attempt comes to is not known yet; until then nothing runs for a window.
      if (running && !refusing && state.state !== 'gave-up') return running.client.relay(method, input)
      return Promise.resolve({ ok: false, error: state.state === 'gave-up' ? state.error : engineGone })
    },
    stop: () => {
      stopped ??= stop().finally(() => {
        stopped = undefined
      })
      return stopped
    },
    retry: () => {
      if (state.state !== 'gave-up' || running) return Promise.resolve()
      deaths = []
      const done = untilSettled()
      launch()
      return done
    },
    attempt: (once) => {
      if (state.state !== 'gave-up' || running) return Promise.resolve(alreadyRuns)
      deaths = []
      return new Promise((ended) => launch({ args: once, ended }))
    },
    state: () => state,
    pending: () => running?.client.pending() ?? 0,
    pid: () => running?.process.pid,
  }
}
