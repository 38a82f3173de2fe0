/** All the set-up that is missing, in order; nothing when nothing is. */
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { installDebianPackages, missingElectronLibraries, missingPrograms, programs } from './debian.mjs'
import { installDependencies } from './dependencies.mjs'
import { hasDisplay } from './display.mjs'
import { electronRuntime } from './electron-runtime.mjs'
import { isRoot, SetupError, say } from './shell.mjs'

/** @returns what the window needs to open: the Electron to run and the environment to run it in */
export async function setUp() {
  await installDependencies()
  await installForWindow()
  const runtime = await electronRuntime()
  await build()
  return { runtime, env: runtimeEnvironment(runtime) }
}

/**
 * As `setUp`, with a real mail server, a real PostgreSQL, a browser and a reader of pictures. A package we may not
 * install ourselves fails its tests, not the whole run.
 */
export async function setUpForTests() {
  await installDependencies()
  const { dovecot, postgres, chromium, tesseract } = programs
  const servers = missingPrograms({ ...dovecot, ...postgres, ...chromium, ...tesseract })
  await installDebianPackages(servers, { purpose: 'The tests of mail, relay, pages and business cards' }).catch(warn)
  await installForWindow().catch(warn)
  const runtime = await electronRuntime().catch(warn)
  return { env: runtime ? { ...runtimeEnvironment(runtime), DESKBELL_ELECTRON: runtime.executable } : {} }
}

function installForWindow() {
  const missing = [...missingElectronLibraries(), ...(hasDisplay() ? [] : missingPrograms(programs.xvfb))]
  return installDebianPackages(missing, { purpose: 'The window' })
}

function runtimeEnvironment(runtime) {
  return { ...(runtime.engineNode ? { DESKBELL_ENGINE_NODE: runtime.engineNode } : {}), ...sandboxEnvironment() }
}

/** Chromium's sandbox is on, except for root, whom it refuses, and where the kernel forbids it (many containers). */
function sandboxEnvironment() {
  if (process.platform !== 'linux') return {}
  if (!isRoot && spawnSync('unshare', ['--user', 'true']).status === 0) return {}
  if (!isRoot) say('this machine does not let programs make user namespaces, so the window runs without its sandbox.')
  return { ELECTRON_DISABLE_SANDBOX: '1' }
}

function warn(error) {
  if (!(error instanceof SetupError)) throw error
  say(error.message)
}
