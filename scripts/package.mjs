/**
 * `npm run package`: the installable app in dist/, with its fuses set and read back.
 * `npm run package -- --dir` makes only the folder; `--output DIR` puts it elsewhere; other arguments go to
 * electron-builder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setUp } from './setup.mjs'
import { mustRun, root, SetupError, say, script, toolEnvironment } from './shell.mjs'

const args = process.argv.slice(2)
const output = path.resolve(root, outputIn(args) ?? 'dist')

await script(async () => {
  const { runtime } = await setUp()
  const standIn = runtime.engineNode !== undefined
  if (standIn && !args.includes('--dir')) {
    throw new SetupError(
      'The stand-in Electron is not for users. Package where the current Electron can be downloaded, or try --dir.',
    )
  }
  const given = standIn ? await withoutLoader(runtime) : []
  say('packaging ...')
  const settings = [...given, `-c.directories.output=${output}`, '--publish', 'never']
  await mustRun('electron-builder', [...args, ...settings], { env: toolEnvironment(), quiet: true })
  await rm(path.join(output, 'electron'), { recursive: true, force: true })
  const executables = readdirSync(output).flatMap(executableIn)
  if (executables.length === 0) throw new SetupError('electron-builder made no app that we know how to check.')
  for (const executable of executables) await checkFuses(executable)
})

/**
 * The stand-in opens folders by a loader in resources/app. A packaged app has its own code there, so the packager gets
 * a copy without.
 */
async function withoutLoader({ folder, version }) {
  const copy = path.join(output, 'electron')
  await rm(copy, { recursive: true, force: true })
  await cp(folder, copy, { recursive: true, filter: (source) => source !== path.join(folder, 'resources/app') })
  return [`-c.electronDist=${copy}`, `-c.electronVersion=${version}`]
}

function executableIn(folder) {
  const candidates = ['deskbell', 'Deskbell.exe', 'Deskbell.app/Contents/MacOS/Deskbell']
  return candidates.map((name) => path.join(output, folder, name)).filter((file) => existsSync(file))
}

/** What electron-builder.yml asks for against what is in the binary. */
async function checkFuses(executable) {
  const { FuseV1Options, getCurrentFuseWire } = createRequire(import.meta.url)('@electron/fuses')
  const wire = await getCurrentFuseWire(executable)
  const wanted = wantedFuses()
  const wrong = Object.entries(wanted).filter(([name, on]) => {
    const option = FuseV1Options[name.charAt(0).toUpperCase() + name.slice(1)]
    return option === undefined || String.fromCharCode(wire[option]) !== (on ? '1' : '0')
  })
  if (wrong.length > 0) throw new SetupError(`Fuses of ${executable} are not as asked: ${wrong.map(([name]) => name)}`)
  say(`${path.relative(root, executable)}: all ${Object.keys(wanted).length} fuses are as they must be.`)
}

function wantedFuses() {
  const text = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')
  const section = text.split('electronFuses:\n')[1]?.match(/^(?: {2}\w+: (?:true|false)\n)+/)?.[0] ?? ''
  return Object.fromEntries(
    [...section.matchAll(/(\w+): (true|false)/g)].map(([, name, value]) => [name, value === 'true']),
  )
}

function outputIn(given) {
  const at = given.indexOf('--output')
  return at === -1 ? undefined : given.splice(at, 2)[1]
}
