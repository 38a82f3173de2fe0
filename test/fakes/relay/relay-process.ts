import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeKeyPair } from '../../../src/relay/sealed-box.ts'
import { type HookKind, registerOutput } from '../../../src/relay/wire.ts'

const program = fileURLToPath(new URL('../../../src/relay/main.ts', import.meta.url))

/** The real relay as a process of its own, on a free port of the loopback address. */
export type RelayProcess = {
  readonly url: string
  readonly pid: number
  /** Everything it logged. */
  readonly log: () => string
  /** SIGKILL. Resolves when it is gone. */
  readonly kill: () => Promise<void>
  /** The ordered way. */
  readonly stop: () => Promise<void>
}

export type RelayEnvironment = Readonly<Record<string, string>>

// Nothing of the settings of whoever runs the tests.
const { PATH, NODE_COMPILE_CACHE } = process.env
const ofMachine = { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) }
const usual = { RELAY_ADMIN_TOKEN: 'operator-token-of-tests', RELAY_PORT: '0' }

export async function startRelayProcess(environment: RelayEnvironment): Promise<RelayProcess> {
  const child = spawn(process.execPath, [program], {
    env: { ...ofMachine, ...usual, ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let text = ''
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      text += `${line}\n`
      const started = /"port":(\d+).*"relay runs"/.exec(line)
      if (started) resolve(Number(started[1]))
    })
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}:\n${text}`)))
  })
  const end = (signal: NodeJS.Signals) => async () => {
    if (isRunning(child)) {
      child.kill(signal)
      await once(child, 'exit')
    }
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    log: () => text,
    kill: end('SIGKILL'),
    stop: end('SIGTERM'),
  }
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

/** What `node out/relay.js invite` prints. */
export const inviteOf = (environment: RelayEnvironment): string =>
  execFileSync(process.execPath, [program, 'invite'], {
    env: { ...ofMachine, ...usual, ...environment },
    encoding: 'utf8',
  }).trim()

export type TestWorkspace = {
  readonly id: string
  readonly key: string
  readonly privateKey: Buffer
}

export async function registerWorkspace(relayUrl: string, invite = usual.RELAY_ADMIN_TOKEN): Promise<TestWorkspace> {
  const { publicKey, privateKey } = makeKeyPair()
  const answer = await call(relayUrl, 'POST', '/v1/workspaces', invite, { publicKey: publicKey.toString('base64') })
  const { workspace, key } = registerOutput.parse(await answer.json())
  return { id: workspace, key, privateKey }
}

/** Makes a hook and answers the path to post to. */
export async function makeHook(
  relayUrl: string,
  { id, key }: TestWorkspace,
  token: string,
  kind: HookKind = 'form',
  verifyToken: string | null = null,
): Promise<string> {
  const answer = await call(relayUrl, 'PUT', `/v1/hooks/${token}`, key, { kind, verifyToken })
  if (!answer.ok) throw new Error(`the relay refused the hook: ${answer.status} ${await answer.text()}`)
  return `/h/${id}/${token}`
}

export const call = (relayUrl: string, method: string, path: string, bearer: string, body?: unknown) =>
  fetch(`${relayUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
