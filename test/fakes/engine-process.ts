import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { EngineTuning } from '../../src/engine.ts'
import { type Client, connect, type Transport } from '../../src/rpc/connect.ts'
import { answerHostCalls } from '../../src/rpc/host-link.ts'
import { trustFile } from './certificate.ts'

const entry = fileURLToPath(new URL('../../out/main/engine-entry.js', import.meta.url))

/** The same unbuilt: slower to start, and never older than the source. */
export const sourceEngine = fileURLToPath(new URL('../../main/engine-entry.ts', import.meta.url))

/** The built engine as a process of its own, without Electron: what main starts, in the hands of a test. */
export type EngineProcess = {
  /** The client of the life that runs now; calls of a life that was killed reject with `ENGINE_GONE`. */
  readonly client: () => Client
  /** Starts, or starts again after a kill. Resolves when it answers calls. */
  readonly start: () => Promise<void>
  /** Of the life that runs now; null before the first. */
  readonly pid: () => number | null
  /** SIGKILL: no handler runs, nothing is flushed. Resolves when the process is gone. */
  readonly kill: () => Promise<void>
  /** The ordered way. */
  readonly stop: () => Promise<void>
}

export type EngineProcessOptions = {
  readonly tuning?: EngineTuning
  /** Certificates of the test's own servers, PEM. Node trusts them by an environment variable of its own. */
  readonly trust?: readonly string[]
  /** Another file to start than the built engine. */
  readonly program?: string
  readonly env?: Readonly<Record<string, string>>
}

/**
 * @param dataDir folder of the workspace
 */
export function engineProcess(
  dataDir: string,
  { tuning = {}, trust = [], program = entry, env: more = {} }: EngineProcessOptions = {},
): EngineProcess {
  // Of its own: while it is dead, another test's engine would take the port that it comes back to.
  const firstFormsPort = 10_000 + Math.floor(Math.random() * 20_000)
  const tuned: EngineTuning = { firstFormsPort, ...tuning }
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trustFile(trust), ...more }
  // Outlives the engine as the keychain does.
  const secrets = new Map<string, string>()
  let child: ChildProcess | null = null
  let client: Client | null = null

  const gone = async () => {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    await once(running, 'exit')
  }

  return {
    client: () => {
      if (!client) throw new Error('the engine was not started')
      return client
    },
    start: async () => {
      const started = fork(program, ['--data', dataDir, '--tuning', JSON.stringify(tuned)], {
        serialization: 'advanced',
        execArgv: [],
        env,
      })
      child = started
      const transport: Transport = {
        post: (message) => void (started.connected && started.send(message as object, () => {})),
        onMessage: (listener) => void started.on('message', listener),
      }
      const connected = connect(transport)
      client = connected
      answerHostCalls(transport, {
        getSecret: async (name) => secrets.get(name) ?? null,
        setSecret: async (name, value) => void secrets.set(name, value),
        deleteSecret: async (name) => void secrets.delete(name),
      })
      started.once('exit', () => connected.close())
      await new Promise<void>((resolve, reject) => {
        connected.on('engine.ready', () => resolve())
        started.on('message', (message: { kind?: string; error?: { message: string } }) => {
          if (message.kind === 'fatal') reject(new Error(message.error?.message))
        })
        started.once('exit', (code, signal) => reject(new Error(`the engine ended: ${signal ?? code}`)))
      })
    },
    pid: () => child?.pid ?? null,
    kill: async () => {
      child?.kill('SIGKILL')
      await gone()
    },
    stop: async () => {
      if (child?.connected) child.send({ kind: 'shutdown' })
      await gone()
    },
  }
}
