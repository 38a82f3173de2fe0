/** node_modules: installed when it is missing or is not what the lock file asks for. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { mustRun, node24, root, say, systemEnvironment } from './shell.mjs'

export async function installDependencies() {
  if (isUpToDate()) return
  say('installing the dependencies of package-lock.json (about a minute) ...')
  const options = { env: systemEnvironment(), quiet: true }
  // No package's script runs but the one that puts Node 24 into place: other npm versions do not know
  // `allowScripts` in package.json, and some scripts fetch from hosts that a firewalled network does not reach.
  await mustRun('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], options)
  await mustRun('npm', ['rebuild', 'node', '--no-ignore-scripts', '--foreground-scripts', '--loglevel=error'], options)
  await mustRun(node24, ['--version'], options)
}

/**
 * Compares what npm wrote down about node_modules with the lock file, rather than two dates: a checkout or a
 * copy changes dates, and an interrupted install leaves a new folder without that record.
 */
function isUpToDate() {
  const installedFile = path.join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installedFile) || !existsSync(node24)) return false
  const installed = packagesIn(installedFile)
  return Object.entries(packagesIn(path.join(root, 'package-lock.json'))).every(([folder, wanted]) => {
    const found = installed[folder]
    if (folder === '') return true
    if (!found) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {}
}
