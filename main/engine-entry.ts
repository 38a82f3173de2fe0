/**
 * Where the engine's process begins, whoever starts it: Electron's main (utility process or Node child), a test, or
 * a person: `node out/engine.js --data DIR [--restore FILE] [--sample [ugly]] [--secrets FILE]`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type EngineTuning, startEngine } from '../src/engine.ts'
import { systemClock } from '../src/lib/clock.ts'
import type { Host } from '../src/lib/host.ts'
import { makeLog } from '../src/lib/log.ts'
import { nodeProblem } from '../src/lib/node-problem.ts'
import { toErrorBody } from '../src/rpc/errors.ts'
import { hostOver } from '../src/rpc/host-link.ts'
import type { EncoderFiles } from '../src/score/text/encoder.ts'
import { type FromEngine, restartExitCode } from './engine-messages.ts'
import { enginePort, holdCalls } from './engine-port.ts'

const { values: args } = parseArgs({
  // A utility process of Electron has further arguments of Chromium's.
  strict: false,
  options: {
    data: { type: 'string' },
    /** A backup that takes the place of what the folder holds, which is kept beside it. For this one start. */
    restore: { type: 'string' },
    /** Fill an empty folder with the sample business, or with the ugly one. */
    sample: { type: 'string' },
    /** Without a host: a JSON file with the passwords, for a machine that nobody sits at. */
    secrets: { type: 'string' },
    /** What tests set otherwise (EngineTuning), as JSON. */
    tuning: { type: 'string' },
  },
})

const problem = nodeProblem(process.versions.node)
if (problem !== null) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}
const port = enginePort()
const line = port ? holdCalls(port) : null
const log = makeLog()

const starting = startEngine({
  dataDir: required(args.data),
  restoreFrom: typeof args.restore === 'string' ? args.restore : null,
  host: line ? hostOver(line.transport) : fileHost(args.secrets),
  clock: systemClock,
  log,
  random: Math.random,
  sample: args.sample === undefined ? null : args.sample === 'ugly' ? 'ugly' : 'brightwater',
  // Answers of the wrong shape must fail in tests and never in front of a user.
  checkOutput: process.env.DESKBELL_CHECK_OUTPUT === '1',
  mailThread: besides('mail-thread.js'),
  textModel: textModelFiles(),
  // Alone there is nobody who would start us again: whoever restored starts it, too.
  restart: () => void stop(port ? restartExitCode : 0),
  tuning: typeof args.tuning === 'string' ? (JSON.parse(args.tuning) as EngineTuning) : {},
})

let stopping = false
async function stop(exitCode = 0): Promise<void> {
  if (stopping) return
  stopping = true
  const engine = await starting.catch(() => null)
  await engine?.stop()
  await port?.flushed()
  process.exit(exitCode)
}

line?.transport.onMessage((message) => {
  if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'shutdown') void stop()
})
void port?.closed.then(() => stop())
process.on('SIGTERM', () => void stop())
// Ctrl+C in a terminal reaches every process of the group; main then stops us in order, and alone we stop ourselves.
process.on('SIGINT', () => void (port ? null : stop()))

try {
  const engine = await starting
  if (line) {
    engine.attach(line.transport)
    line.release()
  }
  // Alone and with no account yet, nothing else would keep the process.
  if (!port) setInterval(() => {}, 60_000)
  log.info({ data: args.data }, 'engine runs')
} catch (error) {
  const body = toErrorBody(error)
  // Unknown errors crash, so that the supervisor tries again; known ones would only fail the same way.
  if (body.code === 'INTERNAL') throw error
  log.error({ code: body.code }, body.message)
  // The host answers with `shutdown`: exiting at once could lose the message.
  if (port) port.post({ kind: 'fatal', error: body } satisfies FromEngine)
  else process.exitCode = 1
}

function required(folder: unknown): string {
  if (typeof folder === 'string' && folder !== '') return folder
  process.stderr.write('usage: node out/engine.js --data DIR [--restore FILE] [--sample [ugly]] [--secrets FILE]\n')
  process.exit(2)
}

/** A bundle of its own, beside the ones of main; null when this is run from the sources. */
function besides(name: string): URL | null {
  // This code is in out/main/chunks: both entries of the engine share it.
  const script = new URL(`../${name}`, import.meta.url)
  return existsSync(script) ? script : null
}

/** Null when this is no built app; files that are missing are told on the health page. */
function textModelFiles(): EncoderFiles | null {
  const worker = besides('encoder-worker.js')
  if (!worker) return null
  const resources = fileURLToPath(new URL('../../resources/text-model', worker))
  // In a packaged app: the model is opened by native code, which knows nothing of archives.
  return { workerFile: fileURLToPath(worker), folder: resources.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') }
}

/** Passwords of an engine that runs alone: read once, changes live as long as the process. */
function fileHost(file: unknown): Host {
  const known = typeof file === 'string' ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}
  const secrets = new Map(Object.entries(known))
  return {
    getSecret: async (name) => secrets.get(name) ?? null,
    setSecret: async (name, value) => void secrets.set(name, value),
    deleteSecret: async (name) => void secrets.delete(name),
  }
}
