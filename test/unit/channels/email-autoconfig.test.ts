import { describe, expect, test } from 'vitest'
import { type AutoconfigParts, lookUpServers, readConfig } from '../../../src/channels/email/autoconfig.ts'
import { findEmail } from '../../../src/channels/suggest-email.ts'

const address = 'office@kitchen-shop.net'
const config = (host: string, extra = '') => `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="kitchen-shop.net">
  <domain>kitchen-shop.net</domain>
  <incomingServer type="pop3"><hostname>pop.${host}</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
  ${extra}
  <incomingServer type="imap">
    <hostname>IMAP.${host}</hostname> <port> 143 </port> <socketType>STARTTLS</socketType>
    <authentication>password-cleartext</authentication><username>%EMAILLOCALPART%</username>
  </incomingServer>
  <outgoingServer type="smtp">
    <hostname>smtp.${host}</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username>
  </outgoingServer>
</emailProvider></clientConfig>`

/** A network on which only these addresses answer. */
function network(pages: Readonly<Record<string, string>>, mx: readonly string[] = []) {
  const asked: string[] = []
  const parts: AutoconfigParts = {
    fetch: async (input) => {
      const url = String(input)
      asked.push(url)
      const page = pages[new URL(url).hostname]
      if (page === undefined) throw new TypeError('fetch failed')
      const response = new Response(page, { status: page === '' ? 404 : 200 })
      Object.defineProperty(response, 'url', { value: url })
      return response
    },
    resolveMx: async () => (mx.length > 0 ? mx.map((exchange) => ({ exchange })) : Promise.reject(new Error('none'))),
  }
  return { asked, parts }
}
const suggest = (parts: AutoconfigParts, of = address) => findEmail(of, (it) => lookUpServers(it, parts))

describe('the servers of a domain nobody of us knows', () => {
  test('are those its owner publishes, whoever else answers', async () => {
    const { parts, asked } = network(
      { 'autoconfig.kitchen-shop.net': config('host.test'), 'autoconfig.thunderbird.net': config('other.test') },
      ['aspmx.l.google.com'],
    )
    expect(await suggest(parts)).toEqual({
      address,
      name: '',
      imap: { host: 'imap.host.test', port: 143, security: 'starttls', user: 'office' },
      smtp: { host: 'smtp.host.test', port: 465, security: 'tls', user: address },
    })
    expect(asked.every((url) => url.startsWith('https://'))).toBe(true)
    // Thunderbird's database hears of the domain and not of the person.
    expect(asked.find((url) => url.includes('thunderbird.net'))).toBe(
      'https://autoconfig.thunderbird.net/v1.1/kitchen-shop.net',
    )
  })

  test.each([
    ['the well-known place', { 'autoconfig.kitchen-shop.net': '', 'kitchen-shop.net': config('host.test') }],
    [
      'the database',
      { 'autoconfig.kitchen-shop.net': '<html>Not here</html>', 'autoconfig.thunderbird.net': config('host.test') },
    ],
  ])('come from %s when the first place has none', async (_place, pages) => {
    expect((await suggest(network(pages).parts)).imap.host).toBe('imap.host.test')
  })

  test.each([
    ['aspmx.l.google.com', 'imap.gmail.com', 'smtp.gmail.com'],
    ['kitchenshop-net.mail.protection.outlook.com.', 'outlook.office365.com', 'smtp.office365.com'],
  ])('are those of the provider that takes its mail: %s', async (exchange, imap, smtp) => {
    const found = await suggest(network({}, [exchange]).parts)
    expect(found).toMatchObject({ imap: { host: imap, user: address }, smtp: { host: smtp, user: address } })
  })

  test('are guessed when nobody answers, and nobody is asked about a provider we know or a domain that is none', async () => {
    const silent = network({})
    expect((await suggest(silent.parts)).imap).toMatchObject({
      host: 'imap.kitchen-shop.net',
      port: 993,
      security: 'tls',
    })
    const known = network({})
    await suggest(known.parts, 'shop@gmail.com')
    await suggest(known.parts, 'info@shop.test')
    expect(known.asked).toEqual([])
  })
})

test.each([
  ['no encryption', config('host.test').replace('STARTTLS', 'plain')],
  ['a host that is none', config('ho st.test')],
  ['no server for sending', config('host.test').replace('type="smtp"', 'type="other"')],
  ['half of it', config('host.test').slice(0, 500)],
  ['nothing', ''],
])('a configuration with %s is none', (_what, xml) => {
  expect(readConfig(xml, address)).toBeNull()
})

test('of several servers the first that is encrypted counts', () => {
  const open =
    '<incomingServer type="imap"><hostname>open.test</hostname><port>143</port><socketType>plain</socketType></incomingServer>'
  expect(readConfig(config('host.test', open), address)?.imap.host).toBe('imap.host.test')
})
