import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answer, appUrl, isOwnUrl } from '../../../main/app-protocol.ts'
import { isOpenable } from '../../../main/hardening.ts'
import type { HostHandlers } from '../../../main/host-services.ts'
import { registerIpc } from '../../../main/ipc.ts'

describe('app:// answers', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'deskbell-protocol-'))
  const folder = path.join(home, 'renderer')
  beforeAll(() => {
    mkdirSync(path.join(folder, 'assets'), { recursive: true })
    writeFileSync(path.join(folder, 'index.html'), '<p>window</p>')
    writeFileSync(path.join(folder, 'assets/a b.js'), 'let a')
    writeFileSync(path.join(home, 'secrets.json'), 'no')
    mkdirSync(path.join(home, 'renderer-other'))
    writeFileSync(path.join(home, 'renderer-other/x.js'), 'no')
  })
  afterAll(() => rmSync(home, { recursive: true }))
  const get = (url: string, method = 'GET') => answer({ url, method }, folder)

  test('its files, with the policy', async () => {
    const page = await get(appUrl)
    expect(page.status).toBe(200)
    expect(await page.text()).toBe('<p>window</p>')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/)
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-eval|https?:|script-src[^;]*unsafe/)
    const script = await get('app://deskbell/assets/a%20b.js')
    expect(script.headers.get('content-type')).toMatch('text/javascript')
  })

  test.each([
    'app://deskbell/../secrets.json',
    'app://deskbell/%2e%2e/secrets.json',
    'app://deskbell/..%2fsecrets.json',
    'app://deskbell/assets/..%2f..%2fsecrets.json',
    'app://deskbell/..%5csecrets.json',
    'app://deskbell/..%2frenderer-other%2fx.js',
    `app://deskbell/${encodeURIComponent('/etc/hostname')}`,
    'app://deskbell//etc/hostname',
    'app://deskbell/index.html%00.js',
    'app://deskbell/%',
    'app://deskbell/',
    'app://deskbell/assets',
    'app://other/index.html',
    'app://deskbell@other/index.html',
    'file:///etc/hostname',
    'nonsense',
  ])('nothing for %s', async (url) => {
    expect((await get(url)).status).toBe(404)
  })

  test('nothing but GET', async () => {
    expect((await get(appUrl, 'POST')).status).toBe(404)
  })
})

test.each([
  ['app://deskbell/index.html', true],
  ['app://deskbell.evil.example/index.html', false],
  ['app://evil/deskbell', false],
  ['https://deskbell/index.html', false],
  ['about:srcdoc', false],
  ['', false],
])('own page %s: %s', (url, own) => {
  expect(isOwnUrl(url)).toBe(own)
})

test.each([
  ['https://example.com/quote?id=1', true],
  ['mailto:ana@example.com', true],
  ['tel:+14155550100', true],
  ['HTTPS://example.com', true],
  ['http://example.com', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['smb://server/share', false],
  ['ms-msdt:/id', false],
  ['\\\\server\\share', false],
  ['', false],
])('openable outside %s: %s', (url, openable) => {
  expect(isOpenable(url)).toBe(openable)
})

describe('the doors of a window', () => {
  type Handler = (event: unknown, ...args: unknown[]) => unknown
  const doors = new Map<string, Handler>()
  const relayed: string[] = []
  const copied: string[] = []
  registerIpc({ handle: (channel: string, handler: Handler) => void doors.set(channel, handler) } as never, {
    relay: async (method) => {
      relayed.push(method)
      return { ok: true, value: null }
    },
    services: {
      copyText: {
        input: z.object({ text: z.string() }),
        run: async ({ text }: { text: string }) => {
          if (text === 'full') throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
          copied.push(text)
          return {}
        },
      },
    } as unknown as HostHandlers,
  })
  const mainFrame = { url: appUrl }
  const sender = { mainFrame }
  const ours = { senderFrame: mainFrame, sender }
  const call = (event: unknown, method: unknown) => doors.get('deskbell:call')?.(event, method, {})
  const host = (event: unknown, name: unknown, input: unknown) => doors.get('deskbell:host')?.(event, name, input)

  test('our own main frame gets through', async () => {
    expect(await call(ours, 'inbox.list')).toEqual({ ok: true, value: null })
    expect(await host(ours, 'copyText', { text: 'hello' })).toEqual({ ok: true, value: {} })
    expect(relayed).toEqual(['inbox.list'])
    expect(copied).toEqual(['hello'])
  })

  const foreignPage = { url: 'https://evil.example/' }
  test.each([
    ['a frame inside our page', { senderFrame: { url: appUrl }, sender }],
    ['another page in the main frame', { senderFrame: foreignPage, sender: { mainFrame: foreignPage } }],
    ['a frame that is gone', { senderFrame: null, sender }],
  ])('%s does not', async (_who, event) => {
    expect(await call(event, 'inbox.list')).toMatchObject({ ok: false, error: { code: 'REFUSED' } })
    expect(await host(event, 'copyText', { text: 'stolen' })).toMatchObject({ ok: false, error: { code: 'REFUSED' } })
    expect(relayed).toHaveLength(1)
    expect(copied).toEqual(['hello'])
  })

  test.each(['constructor', '__proto__', 'toString', 'readFile', 7, null])('there is no service %s', async (name) => {
    expect(await host(ours, name, {})).toMatchObject({ ok: false, error: { code: 'REFUSED' } })
  })

  test('a wrong input never reaches the service; a full disk is said as one', async () => {
    expect(await host(ours, 'copyText', { text: 7 })).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
    expect(await host(ours, 'copyText', { text: 'full' })).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } })
    expect(copied).toEqual(['hello'])
  })
})
