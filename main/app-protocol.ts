import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Protocol } from 'electron'

const scheme = 'app'
const host = 'deskbell'
export const appUrl = `${scheme}://${host}/index.html`

/**
 * What the window may load: its own files and nothing of the network. Mantine sets inline styles, so `style-src` has
 * to allow them. Mails are shown in script-less `srcdoc` frames, which inherit this policy on top of their own.
 */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
}

/** Must run before the app is ready: then it is too late to make a scheme a secure one. */
export function declareAppScheme(onto: Protocol): void {
  onto.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ])
}

/** @param folder  the built renderer */
export function serveApp(onto: Protocol, folder: string): void {
  onto.handle(scheme, (request) => answer(request, folder))
}

/** Whether an address is the window's own page. Compares parsed parts: a prefix test can be tricked. */
export function isOwnUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const parsed = new URL(url)
  return parsed.protocol === `${scheme}:` && parsed.host === host
}

/** Answers with a file inside `folder`, else 404; never with one outside of it. */
export async function answer(request: Pick<Request, 'url' | 'method'>, folder: string): Promise<Response> {
  const file = request.method === 'GET' && isOwnUrl(request.url) ? fileOf(new URL(request.url), folder) : null
  if (file === null) return new Response('Not found', { status: 404 })
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        'content-type': types[path.extname(file)] ?? 'application/octet-stream',
        'content-security-policy': contentPolicy,
        'x-content-type-options': 'nosniff',
      },
    })
  } catch {
    return new Response('Not found', { status: 404 })
  }
}

function fileOf(url: URL, folder: string): string | null {
  let name: string
  try {
    name = decodeURIComponent(url.pathname)
  } catch {
    return null
  }
  if (name.includes('\0')) return null
  const file = path.resolve(folder, `.${path.sep}${name}`)
  const inside = path.relative(folder, file)
  return inside !== '' && !inside.startsWith('..') && !path.isAbsolute(inside) ? file : null
}
