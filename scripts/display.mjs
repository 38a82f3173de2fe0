/** A screen for machines that have none: Xvfb on a display number that it chooses itself. */
import { spawn } from 'node:child_process'
import { SetupError } from './shell.mjs'

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * @returns {Promise<{ env: { DISPLAY: string }, stop: () => void }>}
 */
export function startDisplay() {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp']
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    const stop = () => server.kill()
    let complaint = ''
    server.stderr.on('data', (chunk) => (complaint += chunk))
    server.once('error', (error) => reject(new SetupError(`Xvfb did not start: ${error.message}`)))
    server.once('exit', () => reject(new SetupError(`Xvfb did not start: ${complaint.trim()}`)))
    // Xvfb writes the number once it takes connections, so nobody has to wait and hope.
    server.stdio[3].once('data', (chunk) => {
      process.once('exit', stop)
      resolve({ env: { DISPLAY: `:${String(chunk).trim()}` }, stop })
    })
  })
}
