import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildMessage } from '../../src/channels/email/build-message.ts'
import { sendMail } from '../../src/channels/email/send-mail.ts'
import { packRelaySecret } from '../../src/channels/relay/relay-secret.ts'
import { unsubscribeLinks } from '../../src/channels/relay/unsubscribe-links.ts'
import { readUnsubscribeToken } from '../../src/channels/relay/unsubscribe-token.ts'
import { makeClocks } from '../../src/contact/clocks.ts'
import { makeContactHandlers } from '../../src/contact/handlers.ts'
import { fromPayload } from '../../src/contact/outbound-payload.ts'
import { sendMail as queueMail } from '../../src/contact/send-mail.ts'
import type { ContactDeps } from '../../src/contact/surroundings.ts'
import { makeNurtureHandlers } from '../../src/nurture/handlers.ts'
import { makeKeyPair } from '../../src/relay/sealed-box.ts'
import { type FakeSmtp, startSmtp } from '../fakes/smtp.ts'
import { ownAddress } from '../fakes/test-store.ts'
import { makeWorld, type World } from '../unit/contact/outbox-world.ts'
import { anaMail } from '../unit/contact/people.ts'

const { privateKey } = makeKeyPair()
let world: World
let smtp: FakeSmtp
let deps: ContactDeps
let ids = 0

beforeEach(async () => {
  world = await makeWorld()
  smtp = await startSmtp()
  const { store, clock } = world
  const host = {
    getSecret: async () => packRelaySecret({ key: 'k', privateKey }),
    setSecret: async () => {},
    deleteSecret: async () => {},
  }
  deps = {
    store,
    clock,
    clocks: makeClocks({ clock }),
    links: () => unsubscribeLinks(store.read, host),
    askLine: async () => {},
    outbox: { nudge: () => {} },
    channels: { of: () => null },
    newId: () => `id-${++ids}`,
  }
})
afterEach(async () => {
  await smtp.close()
  await world.store.close()
})

const addRelay = (hooks: readonly object[]) =>
  world.store.addAccount('relay', { url: 'https://in.test', publicUrl: 'https://out.test', workspace: 'w1', hooks })
const unsubscribeHook = { kind: 'unsubscribe', token: 'tok' }
const mail = { replyTo: null, subject: 'News', body: 'Open on Sunday', attachments: [], templateId: null }

/** Takes what waits in the outbox over a real SMTP line. Answers its headers, unfolded. */
async function arrived(jobId: number): Promise<string> {
  const { payload } = await world.store.read.db
    .selectFrom('job')
    .select('payload')
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow()
  const stored = fromPayload(payload)
  if (stored.kind !== 'email') throw new Error(stored.kind)
  const built = await buildMessage({
    messageId: stored.messageId,
    from: { name: null, address: ownAddress },
    to: [stored.to],
    subject: stored.subject,
    text: stored.body,
    references: [],
    inReplyTo: null,
    attachments: [],
    at: stored.at,
    unsubscribe: stored.unsubscribe ?? null,
  })
  const server = { host: smtp.host, port: smtp.port, security: 'starttls', user: 'a@b.test' } as const
  const access = { server, password: 'pw', oauth: false, ca: smtp.ca, connect: 5000 }
  expect(await sendMail(access, built, { committing: async () => {} })).toMatchObject({ kind: 'accepted' })
  const raw = smtp.accepted.at(-1)?.raw ?? ''
  return raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
}

test('mail to many offers one click at the relay, readable here alone, and a mail to us', async () => {
  await addRelay([unsubscribeHook])
  const { jobId } = await queueMail(deps, { ...mail, personId: world.ana, bulk: true })
  const headers = await arrived(jobId)
  const [, token = ''] = /^List-Unsubscribe: <https:\/\/out\.test\/h\/w1\/tok\/([\w-]+)>,/im.exec(headers) ?? []
  expect(readUnsubscribeToken(privateKey, token)).toBe(anaMail)
  expect(headers).toContain(`<mailto:${ownAddress}?subject=Unsubscribe>`)
  expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im)
})

test.each([
  ['no relay', null],
  ['a relay without such an address', []],
] as const)('with %s only the mail to us is promised', async (_, hooks) => {
  if (hooks) await addRelay(hooks)
  const { jobId } = await queueMail(deps, { ...mail, personId: world.ana, bulk: true })
  const headers = await arrived(jobId)
  expect(headers).toMatch(/^List-Unsubscribe: <mailto:/im)
  expect(headers).not.toMatch(/One-Click/i)
})

test('what one person writes to another carries none', async () => {
  await addRelay([unsubscribeHook])
  const { jobId } = await queueMail(deps, { ...mail, personId: world.ana })
  expect(await arrived(jobId)).not.toMatch(/unsubscribe/i)
})

test('a template with {{unsubscribe}} writes the link and makes its mail such a one', async () => {
  const relay = await addRelay([unsubscribeHook])
  const templates = makeNurtureHandlers({
    ...{ store: world.store, clock: world.clock, links: deps.links, nudge: () => {} },
    opening: async () => '',
    queue: () => Promise.reject(new Error('nothing is sent to many here')),
  })
  const template = { id: null, name: 'News', channel: 'email', subject: 'News' } as const
  const { id } = await templates['templates.save']({ ...template, body: 'Hello.\n\nNo more: {{ unsubscribe }}' })
  const filled = await templates['templates.render']({ templateId: id, personId: world.ana })
  expect(filled.missing).toEqual([])
  const [, token = ''] = /https:\/\/out\.test\/h\/w1\/tok\/([\w-]+)$/.exec(filled.body) ?? []
  expect(readUnsubscribeToken(privateKey, token)).toBe(anaMail)
  const contact = makeContactHandlers(deps)
  const sending = { ...mail, personId: world.ana, body: filled.body, templateId: id }
  const { jobId } = await contact['contact.sendMail'](sending)
  expect(await arrived(jobId)).toMatch(/One-Click/i)
  await world.store.write(({ db }) =>
    db.updateTable('account').set({ removed_at: 1 }).where('id', '=', relay).execute(),
  )
  const without = await templates['templates.render']({ templateId: id, personId: world.ana })
  expect(without.body).toContain(`mailto:${ownAddress}?subject=Unsubscribe`)
})
