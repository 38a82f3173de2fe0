import type { Account, RelayHook } from '../../src/channels/contract.ts'
import { DeskbellError, notFound } from '../../src/rpc/errors.ts'
import type { Answers } from './window-bridge.ts'
import type { World } from './window-data.ts'

const report = (ok: boolean) => ({
  ok,
  steps: [
    { name: 'Find the server.', ok: true, message: 'imap.example.com answers.', detail: null },
    {
      name: 'Log in.',
      ok,
      message: ok ? 'The password works.' : 'The password was refused. Gmail wants an app password.',
      detail: ok ? null : 'NO [AUTHENTICATIONFAILED] Invalid credentials',
    },
  ],
})

/** Settings, Channels. */
export function channelAnswers(world: World, newId: () => number, changed: () => void): Answers {
  const changeAccount = (id: number, patch: (account: Account) => Account) => {
    world.accounts = world.accounts.map((it) => (it.id === id ? patch(it) : it))
    changed()
  }
  const changeHooks = (id: number, patch: (hooks: readonly RelayHook[]) => RelayHook[]) =>
    changeAccount(id, (it) => {
      if (it.settings.kind !== 'relay') return it
      const relay = { ...it.settings.relay, hooks: patch(it.settings.relay.hooks) }
      const urls = relay.hooks.map(({ token }) => `${relay.publicUrl}/h/${relay.workspace}/${token}`)
      return { ...it, settings: { kind: 'relay', relay, urls } }
    })
  return {
    'channels.list': () => ({ accounts: world.accounts, formsOrigin: 'http://127.0.0.1:4180' }),
    'channels.suggestEmail': ({ address }) => {
      const host = address.split('@')[1] ?? 'example.com'
      return {
        address,
        name: '',
        imap: { host: `imap.${host}`, port: 993, security: 'tls', user: address },
        smtp: { host: `smtp.${host}`, port: 465, security: 'tls', user: address },
      }
    },
    'channels.testEmail': ({ password }) => report(password !== 'wrong'),
    'channels.testTwilio': () => report(true),
    'channels.listFolders': ({ password }) => {
      if (password === 'wrong')
        throw new DeskbellError({
          code: 'AUTH_FAILED',
          message: 'The password was refused. Gmail wants an app password.',
          fault: 'user',
          retryable: false,
        })
      return {
        folders: [
          { path: 'INBOX', name: 'INBOX', role: 'inbox', messages: 12_000 },
          { path: 'INBOX/Leads', name: 'Leads', role: null, messages: 431 },
          { path: 'INBOX/Leads/Website', name: 'Website', role: null, messages: 1 },
          { path: 'Sent', name: 'Sent', role: 'sent', messages: 2210 },
          { path: 'Trash', name: 'Trash', role: 'trash', messages: 9 },
        ],
      }
    },
    'channels.pauseSync': ({ id, paused }) => {
      changeAccount(id, (it) => (it.mailbox ? { ...it, mailbox: { ...it.mailbox, paused } } : it))
      return {}
    },
    'channels.signIn': () => ({ url: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=deskbell' }),
    'channels.connectRelay': ({ url }) => {
      const [first] = world.accounts
      if (!first) throw notFound('An account to copy')
      const id = newId()
      const relay = { url, publicUrl: url, workspace: 'fedcba9876543210', hooks: [] }
      const { mailbox: _, ...like } = first
      world.accounts = [
        ...world.accounts,
        { ...like, id, kind: 'relay', label: new URL(url).host, settings: { kind: 'relay', relay, urls: [] } },
      ]
      changed()
      return { id }
    },
    'channels.addRelayHook': ({ id, hook }) => {
      const token = `00000000000${newId()}`
      changeHooks(id, (hooks) => [...hooks, { ...hook, token }])
      return { url: `https://relay.brightwater.example/h/0123456789abcdef/${token}` }
    },
    'channels.removeRelayHook': ({ id, token }) => {
      changeHooks(id, (hooks) => hooks.filter((it) => it.token !== token))
      return {}
    },
    'channels.formProviders': () => [
      {
        id: 'generic',
        name: 'Any form or service',
        signing: 'optional',
        signingLabel: 'Secret',
        accessToken: false,
        steps: 'Put the address into the action of your form.',
      },
    ],
    'channels.previewForm': () => ({ provider: 'generic', leads: [], note: 'There is no lead in it.' }),
    'channels.testForm': () => ({
      ok: true,
      steps: [
        { name: 'Post a test lead.', ok: true, message: 'It arrived in 40 ms and is in the inbox.', detail: null },
      ],
    }),
    'channels.saveChat': () => ({ id: 6 }),
    'channels.saveFormPage': ({ id, token, page }) => {
      changeHooks(id, (hooks) => hooks.map((it) => (it.token === token && it.kind === 'form' ? { ...it, page } : it)))
      return {}
    },
    'channels.saveEmail': () => ({ id: 1 }),
    'channels.saveTwilio': () => ({ id: 2 }),
    'channels.listTwilioNumbers': () => ({
      numbers: [
        { number: '+14155550100', display: '(415) 555-0100', name: 'Shop', sms: true, voice: true },
        { number: '+14155550110', display: '(415) 555-0110', name: 'Van', sms: true, voice: true },
        { number: '+14155550120', display: '(415) 555-0120', name: 'Old fax line', sms: false, voice: true },
      ],
    }),
    'channels.saveForm': () => ({ id: 3, url: 'http://127.0.0.1:4180/f/3kq9v0c2t7x1m8p4' }),
    'channels.remove': ({ id }) => {
      world.accounts = world.accounts.filter((it) => it.id !== id)
      changed()
      return {}
    },
    'channels.retryNow': () => ({}),
  }
}
