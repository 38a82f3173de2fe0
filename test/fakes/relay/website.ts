import { existsSync } from 'node:fs'
import { request as ask, createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright'

/** A browser as visitors have one; null where none is installed (`npx playwright install chromium`, or Debian's `chromium`). */
export function findBrowser(): (() => Promise<Browser>) | null {
  const places = [chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const executablePath = places.find((it) => existsSync(it))
  return executablePath === undefined
    ? null
    : () => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export type Website = { readonly url: string; readonly close: () => Promise<void> }

/** A page of a customer with the strictest policy that still allows the chat. */
export async function startWebsite(script: string): Promise<Website> {
  const { origin } = new URL(script)
  const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin}; base-uri 'none'; form-action 'none'`
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    response.end(
      `<!doctype html><html lang="en"><title>Kitchens</title><h1>Kitchens</h1><script src="${script}" async></script></html>`,
    )
  })
  return { url: await listen(server), close: () => close(server) }
}

/** Stands before a relay: passes everything on, and can keep an answer of the relay to itself. */
export type Gate = {
  readonly url: string
  /** The next call to this path reaches the relay, and its answer never comes back. Resolves when the relay answered. */
  readonly swallowNext: (path: string) => Promise<void>
  readonly close: () => Promise<void>
}

export async function startGate(relayUrl: () => string): Promise<Gate> {
  let swallow: { readonly path: string; readonly done: () => void } | null = null
  const server = createServer((request, response) => {
    const target = new URL(request.url ?? '/', relayUrl())
    const held = swallow?.path === target.pathname ? swallow : null
    if (held) swallow = null
    const { method, headers } = request
    const onward = ask(target, { method, headers: { ...headers, host: target.host } }, (answer) => {
      if (held) {
        answer.resume()
        answer.on('end', held.done)
        return
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  return {
    url: await listen(server),
    swallowNext: (path) =>
      new Promise((resolve) => {
        swallow = { path, done: resolve }
      }),
    close: () => close(server),
  }
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
