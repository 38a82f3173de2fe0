/** The bundles in out/: made again when a source is newer than they are. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mustRun, root, say, toolEnvironment } from './shell.mjs'

const sources = ['src', 'main', 'preload', 'renderer', 'resources', 'electron.vite.config.ts', 'package-lock.json']
const stamp = path.join(root, 'out/built-from')

export async function build() {
  const started = Date.now()
  if (newest(sources.map((name) => path.join(root, name))) <= lastBuild()) return
  say('building ...')
  await mustRun('electron-vite', ['build', '--logLevel', 'warn'], { env: toolEnvironment(), quiet: true })
  // The moment the build began, not when it ended: a file saved meanwhile must cause another build.
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, String(started))
}

function lastBuild() {
  try {
    return Number(readFileSync(stamp, 'utf8'))
  } catch {
    return 0
  }
}

/** Folders count too: theirs is the date that changes when a file is deleted. */
function newest(paths) {
  return paths.reduce((latest, file) => {
    const info = statSync(file, { throwIfNoEntry: false })
    if (!info) return latest
    const inside = info.isDirectory() ? newest(readdirSync(file).map((name) => path.join(file, name))) : 0
    return Math.max(latest, info.mtimeMs, inside)
  }, 0)
}
