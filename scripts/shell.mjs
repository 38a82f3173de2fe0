/** What every script here shares: the checkout's folder, one way to talk, one way to run a program. */
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/** The Node 24 of the `node` package. The system's Node 20 crashes when it loads better-sqlite3 (docs/adr). */
export const node24 = path.join(root, 'node_modules/node/bin/node')

/** A problem the person at the keyboard can solve: shown as it is, without a stack. */
export class SetupError extends Error {}

/** On stderr: what a script answers (a JSON line, the sum of the tests) has stdout to itself. @param {string} message */
export function say(message) {
  console.error(`deskbell: ${message}`)
}

/**
 * Runs a program in the checkout and waits for it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, quiet?: boolean, timeoutMs?: number }} [options]
 * `quiet` keeps its output back and returns it.
 * @returns {Promise<{ code: number, output: string }>} 127 when there is no such program
 */
export function run(command, args, { env = process.env, cwd = root, quiet = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, timeout: timeoutMs, stdio: ['ignore', ...both(quiet)] })
    let output = ''
    child.stdout?.on('data', (chunk) => (output += chunk))
    child.stderr?.on('data', (chunk) => (output += chunk))
    child.once('error', (error) => resolve({ code: 127, output: error.message }))
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/**
 * Starts this script once more on Node 24, where it runs on one that cannot read our TypeScript.
 * @returns {Promise<boolean>} whether it did; then there is nothing left to do
 */
export async function ranOnNode24() {
  if (Number.parseInt(process.versions.node, 10) >= 24) return false
  const { code } = await run(node24, process.argv.slice(1), { cwd: process.cwd() })
  process.exitCode = code
  return true
}

/** A file that was typed: npm runs us in the checkout, and a relative name means the folder in which the person was. */
export const typedFile = (name) => path.resolve(process.env.INIT_CWD ?? process.cwd(), name)

/**
 * Published data that a check reads: what was typed, else what lies beside the checkout.
 * @returns {string | null} null when nothing was typed and nothing lies there
 */
export function publishedData(name) {
  const typed = process.argv[2]
  if (typed !== undefined) {
    const file = typedFile(typed)
    if (existsSync(file)) return file
    throw new SetupError(`${file} is not there.`)
  }
  const beside = path.join(root, '../shared/data', name)
  return existsSync(beside) ? beside : null
}

/** Like `run`, for steps that must succeed: its output is shown when it fails. */
export async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code !== 0) {
    throw new SetupError(`\`${command} ${args.join(' ')}\` failed (exit code ${code}).\n${output.trim().slice(-4000)}`)
  }
  return output
}

/** @param {string} program  @returns the program's full path, or undefined */
export function findProgram(program) {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']) {
    const file = path.resolve(folder, program)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // not in this folder
    }
  }
  return undefined
}

/** The environment in which `tsc`, `biome` and friends run: the checkout's programs first, so on Node 24. */
export function toolEnvironment() {
  return { ...process.env, PATH: [path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter) }
}

/** Without the checkout's own programs: npm must not run on a Node that it is about to replace. */
export function systemEnvironment() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return {
    ...process.env,
    PATH: folders.filter((folder) => !folder.endsWith('node_modules/.bin')).join(path.delimiter),
  }
}

export const isRoot = process.getuid?.() === 0

/** @param {() => Promise<void>} main  a script's body: problems with a remedy are printed without a stack */
export async function script(main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(error.message)
    process.exitCode = 1
  }
}

function both(quiet) {
  return quiet ? ['pipe', 'pipe'] : ['inherit', 'inherit']
}
