import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Deskbell, launchDeskbell, removeHome } from './harness.ts'

const smallEngine = fileURLToPath(new URL('fixtures/small-engine.mjs', import.meta.url))

/** What the page in the window must not be able to do, tried in the real window. */
describe('the window', () => {
  let it: Deskbell
  let requests = 0
  const server = createServer((_request, response) => {
    requests += 1
    response.setHeader('access-control-allow-origin', '*').end('reached')
  })
  let outside = ''

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    it = await launchDeskbell({ env: { DESKBELL_ENGINE_ENTRY: smallEngine } })
    // Once: frames that load later, such as mails, must not make main believe that the page is a new one.
    await it.host('ready', {})
  })
  afterAll(async () => {
    await it?.kill()
    if (it) removeHome(it.home)
    server.close()
  })

  test('has no Node, and of the bridge only what is listed', async () => {
    const seen = await it.page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
      bridge: Object.keys(window.deskbell).sort(),
      frozen: Object.isFrozen(window.deskbell) && Object.isFrozen(window.deskbell.host),
    }))
    expect(seen).toEqual({ node: [], bridge: ['call', 'host', 'onEvent'], frozen: true })
  })

  test('comes from its own scheme, apart from the script that made the bridge', async () => {
    expect(it.page.url()).toMatch(/^app:\/\/deskbell\/index\.html/)
    // Without isolation the page could bend what the preload script builds on, and catch every message with it.
    const caught = await it.page.evaluate(async () => {
      const counts: number[] = []
      const { apply } = Function.prototype
      // More than once: what the page itself happens to do meanwhile is caught, too, but not every time.
      for (let round = 0; round < 10; round++) {
        let calls = 0
        Function.prototype.apply = function (...args) {
          calls += 1
          return apply.call(this, ...args)
        }
        await window.deskbell.host.about({})
        Function.prototype.apply = apply
        counts.push(calls)
      }
      return counts
    })
    expect(Math.min(...caught)).toBe(0)
  })

  test('reaches no network by any road', async () => {
    const tried = await it.page.evaluate(async (url) => {
      const fetched = await fetch(url).then(
        () => 'reached',
        () => 'refused',
      )
      const image = await new Promise((resolve) => {
        const element = new Image()
        element.onload = () => resolve('reached')
        element.onerror = () => resolve('refused')
        element.src = url
      })
      let evaluated = 'refused'
      try {
        evaluated = new Function('return "reached"')()
      } catch {
        // the policy forbids it
      }
      return { fetched, image, evaluated }
    }, outside)
    expect(tried).toEqual({ fetched: 'refused', image: 'refused', evaluated: 'refused' })
    // Below the policy of the page there is a second lock: the session itself loads nothing of the network.
    const bySession = await it.app.evaluate(async ({ session }, url) => {
      return session.defaultSession.fetch(url).then(
        () => 'reached',
        () => 'refused',
      )
    }, outside)
    expect(bySession).toBe('refused')
    expect(requests).toBe(0)
  })

  test('a mail in a frame shows its text, runs no script, loads nothing and has no bridge', async () => {
    const frame = await it.page.evaluate(async (url) => {
      const element = document.createElement('iframe')
      element.setAttribute('sandbox', 'allow-same-origin')
      element.srcdoc = `<p>hello</p><img src="${url}"><script>parent.hacked = true</script><style>p{background:url(${url})}</style>`
      const loaded = new Promise((resolve) => element.addEventListener('load', resolve))
      document.body.append(element)
      await loaded
      const inside = element.contentWindow as Window & typeof globalThis
      const seen = {
        text: element.contentDocument?.querySelector('p')?.textContent,
        bridge: 'deskbell' in inside,
        hacked: 'hacked' in window,
      }
      element.remove()
      return seen
    }, outside)
    expect(frame).toEqual({ text: 'hello', bridge: false, hacked: false })
    expect(requests).toBe(0)
  })

  test('goes nowhere else and opens no window; the link of a mail is asked about', async () => {
    const before = it.page.url()
    const asked = await it.page.evaluate(async (url) => {
      const links: string[] = []
      window.deskbell.host.onEvent((event) => void (event.name === 'link.asked' && links.push(event.payload.url)))
      const opened = [window.open('https://example.com/quote'), window.open(url), window.open('file:///etc/hostname')]
      location.href = url
      // Answers after everything the page sent before it.
      await window.deskbell.host.about({})
      return { links, opened: opened.filter(Boolean).length }
    }, outside)
    expect(asked).toEqual({ links: ['https://example.com/quote'], opened: 0 })
    expect(it.page.url()).toBe(before)
    expect(it.app.windows()).toHaveLength(1)
    expect(requests).toBe(0)
  })

  test('gets no permission', async () => {
    const states = await it.page.evaluate(async () => {
      const answer = (name: string) =>
        navigator.permissions.query({ name: name as PermissionName }).then((it) => it.state)
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read']
      return [...(await Promise.all(names.map(answer))), await Notification.requestPermission()]
    })
    expect(new Set(states)).toEqual(new Set(['denied']))
  })

  test('opens nothing outside that is not a web page, a mail or a number', async () => {
    for (const url of ['file:///etc/hostname', 'http://127.0.0.1/', 'javascript:alert(1)', 'smb://a/b']) {
      expect(await it.host('openExternal', { url })).toEqual({ ok: true, value: { opened: false } })
    }
  })

  test('switches to the sample and back, and removes it whole', async () => {
    const args = async () => ((await it.call('test.who', {})) as { value: { args: string[] } }).value.args
    expect((await args()).join(' ')).toMatch(/--data \S+\/business$/)
    expect(await it.host('openWorkspace', { workspace: 'sample' })).toEqual({ ok: true, value: {} })
    expect((await args()).join(' ')).toMatch(/--data \S+\/sample --sample=brightwater$/)
    await it.call('test.keepSecret', { name: 'account-1', value: 'x' })
    expect(await it.host('workspace', {})).toMatchObject({ value: { current: 'sample' } })
    expect(await it.host('removeSample', {})).toEqual({ ok: true, value: {} })
    expect((await args()).join(' ')).toMatch(/business$/)
    expect(readdirSync(it.home)).not.toContain('sample')
    expect(readdirSync(`${it.home}/secrets`)).toEqual([])
  })

  // Last, because Playwright cannot use a page that crashed.
  test('comes back when its page crashes', async () => {
    const hasBridge = await it.app.evaluate(async ({ webContents }) => {
      const [page] = webContents.getAllWebContents()
      if (!page) throw new Error('there is no window')
      const back = new Promise<void>((resolve) => {
        page.once('render-process-gone', () => page.once('did-finish-load', () => resolve()))
      })
      page.forcefullyCrashRenderer()
      await back
      return page.executeJavaScript("'deskbell' in window")
    })
    expect(hasBridge).toBe(true)
  })
})
