/**
 * Loaded before a program (`node --import`): puts it into the time of `world-time.ts`. The clock jumps when the world's
 * does; timers only run faster and do not jump, as those of a computer that slept.
 */
import dns from 'node:dns'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { type WorldState, worldNow, worldVariable } from './world-time.ts'

const file = process.env[worldVariable] ?? ''
const read = () => JSON.parse(readFileSync(file, 'utf8')) as WorldState
let state = read()
const machineNow = Date.now
const machineTimeout = globalThis.setTimeout
const machineInterval = globalThis.setInterval
machineInterval(() => {
  state = read()
}, 20).unref()

const { speed } = state
Date.now = () => worldNow(state, machineNow())
globalThis.setTimeout = Object.assign(
  <A extends unknown[]>(task: (...args: A) => void, ms?: number, ...args: A) =>
    machineTimeout(task, (ms ?? 0) / speed, ...args),
  machineTimeout,
)
globalThis.setInterval = Object.assign(
  <A extends unknown[]>(task: (...args: A) => void, ms?: number, ...args: A) =>
    machineInterval(task, (ms ?? 0) / speed, ...args),
  machineInterval,
)

const machineLimit = AbortSignal.timeout
AbortSignal.timeout = (ms) => machineLimit.call(AbortSignal, Math.max(1, Math.round(ms / speed)))

const quiet = net.Socket.prototype.setTimeout
net.Socket.prototype.setTimeout = function (ms, task) {
  return quiet.call(this, ms / speed, task)
}

// Names are found here and nowhere else: no test asks the real network.
const failure = (name: string) =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname: name,
  })
const lookup = (name: string, options: unknown, callback?: unknown) => {
  const done = (typeof options === 'function' ? options : callback) as (...args: unknown[]) => void
  const wantsAll = typeof options === 'object' && options !== null && 'all' in options && options.all === true
  setImmediate(() => {
    const found = name === 'localhost' || net.isIP(name) > 0
    if (!found || (state.dnsGone && net.isIP(name) === 0)) done(failure(name))
    else {
      const address = net.isIP(name) ? name : '127.0.0.1'
      if (wantsAll) done(null, [{ address, family: 4 }])
      else done(null, address, 4)
    }
  })
}
dns.lookup = lookup as unknown as typeof dns.lookup
const resolve = function (this: unknown, name: string, options: unknown, callback?: unknown) {
  const done = (typeof options === 'function' ? options : callback) as (error: Error) => void
  setImmediate(() => done(failure(name)))
}
for (const resolver of [dns, dns.Resolver.prototype]) {
  resolver.resolve4 = resolve as unknown as typeof dns.resolve4
  resolver.resolve6 = resolve as unknown as typeof dns.resolve6
}
