/** Operating-system packages: finds what is missing, installs it as root, else prints the line to type. */
import { execFileSync } from 'node:child_process'
import { findProgram, isRoot, mustRun, run, SetupError, say } from './shell.mjs'

/** Shared libraries Electron loads, with the Debian package each is in. */
const electronLibraries = {
  'libnss3.so': 'libnss3',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgbm.so.1': 'libgbm1',
  'libasound.so.2': 'libasound2',
  'libcups.so.2': 'libcups2',
  'libdrm.so.2': 'libdrm2',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXrandr.so.2': 'libxrandr2',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libnotify.so.4': 'libnotify4',
  'libsecret-1.so.0': 'libsecret-1-0',
}

/** Programs, with the Debian package each is in. */
export const programs = {
  xvfb: { Xvfb: 'xvfb' },
  unzip: { unzip: 'unzip' },
  dovecot: { dovecot: 'dovecot-core', '/usr/lib/dovecot/imap': 'dovecot-imapd' },
  // The server itself is in a folder named by its version; this comes with every version.
  postgres: { pg_ctlcluster: 'postgresql' },
  chromium: { chromium: 'chromium' },
  tesseract: { tesseract: 'tesseract-ocr' },
}

/** @returns {string[]} Debian packages of the libraries that Electron would not find */
export function missingElectronLibraries() {
  if (process.platform !== 'linux') return []
  const known = execFileSync(findProgram('ldconfig') ?? 'ldconfig', ['-p'], { encoding: 'utf8' })
  return packagesWhere(electronLibraries, (library) => !known.includes(`\t${library} `))
}

/** @param {Record<string, string>} wanted  program → package */
export function missingPrograms(wanted) {
  return packagesWhere(wanted, (program) => findProgram(program) === undefined)
}

/**
 * @param {string[]} packages
 * @param {{ purpose: string }} options  what does not work without them, in a few words
 * @throws {SetupError} with the exact line to type when we are not root
 */
export async function installDebianPackages(packages, { purpose }) {
  if (packages.length === 0) return
  const install = ['install', '-y', '--no-install-recommends']
  if (!findProgram('apt-get')) {
    throw new SetupError(`${purpose} needs what Debian calls: ${packages.join(' ')}. Please install these first.`)
  }
  if (!isRoot) {
    const line = `sudo apt-get update && sudo apt-get ${install.join(' ')} ${packages.join(' ')}`
    throw new SetupError(
      `${purpose} needs packages that are not installed. Please run this, then try again:\n\n  ${line}\n`,
    )
  }
  say(`installing Debian packages for ${purpose.toLowerCase()}: ${packages.join(' ')} ...`)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, quiet: true }
  await mustRun('apt-get', ['update', '-qq'], options)
  await mustRun('apt-get', [...install, '-qq', ...(await Promise.all(packages.map(nameHere)))], options)
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries (64-bit time): libasound2 is libasound2t64 there. */
async function nameHere(name) {
  const renamed = await run('apt-cache', ['show', `${name}t64`], { quiet: true })
  return renamed.code === 0 ? `${name}t64` : name
}

function packagesWhere(table, isMissing) {
  return Object.keys(table)
    .filter(isMissing)
    .map((key) => table[key])
}
