import { fork } from 'node:child_process'
import { utilityProcess } from 'electron'

/** A running engine, whichever way it runs. Messages keep their order; `onExit` fires once. */
export type EngineProcess = {
  readonly pid: number | undefined
  readonly post: (message: unknown) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
  readonly onExit: (listener: (exit: { readonly code: number; readonly reason: string }) => void) => void
  /** The hard way, when it does not stop by itself. */
  readonly kill: () => void
}

export type SpawnEngine = (args: readonly string[]) => EngineProcess

/**
 * The only place that knows the two ways to run an engine: what ships is a utility process of Electron; development
 * and tests may name a Node binary (`DESKBELL_ENGINE_NODE`) when Electron's own Node is too old for better-sqlite3.
 */
export function engineSpawner(entry: string, nodeBinary: string | undefined): SpawnEngine {
  return nodeBinary ? (args) => forkedEngine(entry, args, nodeBinary) : (args) => utilityEngine(entry, args)
}

function utilityEngine(entry: string, args: readonly string[]): EngineProcess {
  const child = utilityProcess.fork(entry, [...args], { serviceName: 'Deskbell engine', stdio: 'inherit' })
  let fatal = ''
  // Told before `exit` when V8 itself gave up (out of memory).
  child.on('error', (type, location) => {
    fatal = `${type} at ${location}`
  })
  return {
    get pid() {
      return child.pid
    },
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener({ code, reason: fatal || `exit code ${code}` })),
    kill: () => forceKill(child.pid, () => child.kill()),
  }
}

function forkedEngine(entry: string, args: readonly string[], nodeBinary: string): EngineProcess {
  const child = fork(entry, args, { execPath: nodeBinary, execArgv: [], serialization: 'advanced' })
  return {
    pid: child.pid,
    // Between its death and the `exit` event the pipe is closed; the caller learns of it by that event.
    post: (message) => void (child.connected && child.send(message as object, () => {})),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      let told = false
      const tell = (code: number, reason: string) => {
        if (!told) listener({ code, reason })
        told = true
      }
      child.once('exit', (code, signal) => tell(code ?? 1, signal ?? `exit code ${code}`))
      child.once('error', (error) => tell(1, error.message))
    },
    kill: () => forceKill(child.pid, () => child.kill('SIGKILL')),
  }
}

/** `UtilityProcess.kill` only asks politely on Linux and macOS, and a hung engine does not listen. */
function forceKill(pid: number | undefined, otherwise: () => void): void {
  try {
    if (pid === undefined) otherwise()
    else process.kill(pid, 'SIGKILL')
  } catch {
    otherwise()
  }
}
