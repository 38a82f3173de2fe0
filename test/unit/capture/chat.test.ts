import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Party } from '../../../src/channels/channel.ts'
import { emailParty, inboundMail, inboundText, phoneParty } from '../../fakes/inbound.ts'
import { openCaptureWorld } from './capture-world.ts'

let world: Awaited<ReturnType<typeof openCaptureWorld>>
let chatAccount: number

beforeEach(async () => {
  world = await openCaptureWorld()
  chatAccount = await world.store.addAccount('chat')
})
afterEach(() => world.store.close())

// All digits, as a random name may be: no number.
const ana = '12345678901234567890123456789012'
const bo = 'b'.repeat(32)

const visitorParty = (visitor: string, name: string | null = null): Party => ({ kind: 'chat', value: visitor, name })
let messages = 0
function write(visitor: string, body: string, also: readonly Party[] = [], name: string | null = null, key = 'key') {
  messages += 1
  const item = inboundText(
    { service: 'chat', from: visitor, to: 'Shop', body, visitor: { publicKey: key, page: 'https://shop.example/' } },
    { externalId: `${visitor}:${messages}`, parties: [visitorParty(visitor, name), ...also] },
  )
  const source = { name: 'Website chat', detail: { page: 'https://shop.example/' } }
  return world.deliver(chatAccount, [{ ...item, accountId: chatAccount, source }])
}
const visitors = () => world.db.selectFrom('chat_visitor').selectAll().orderBy('visitor').execute()
const ownersOf = async () => (await world.handles()).map(([person, value]) => `${person} ${value}`)

it('a conversation is one person, one lead and one touch; the newest key counts', async () => {
  await write(ana, 'Hello', [], 'Ana')
  await write(ana, 'Anybody there?', [], 'Ana', 'newer')
  expect((await world.people()).map((it) => it.name)).toEqual(['Ana'])
  const leads = await world.leads()
  expect(leads).toMatchObject([{ source: 'Website chat', last_channel: 'chat', preview: 'Anybody there?' }])
  const touches = await world.db.selectFrom('source_touch').selectAll().execute()
  expect(touches).toHaveLength(1)
  expect(await visitors()).toMatchObject([
    { visitor: ana, public_key: 'newer', account_id: chatAccount, left_at: null },
  ])
  const texts = await world.db.selectFrom('text_message').selectAll().execute()
  expect(texts.map((it) => it.from_number)).toEqual([ana, ana])
})

it('somebody without a name is a visitor of the website; their random name is not looked for', async () => {
  await write(ana, 'Hello')
  expect((await world.people()).map((it) => it.name)).toEqual(['Website visitor'])
  const found = await world.db.selectFrom('handle').select('kind').where('value', '=', ana).execute()
  expect(found).toEqual([{ kind: 'chat' }])
})

it('an address that nobody has becomes theirs, and mail from it finds them', async () => {
  await write(ana, 'Hello', [emailParty('Ana@Example.com'), phoneParty('(415) 555-0123')], 'Ana')
  expect(await ownersOf()).toEqual([`1 ${ana}`, '1 ana@example.com', '1 +14155550123'])
  await world.take(inboundMail({ from: 'ana@example.com' }, { parties: [emailParty('ana@example.com')] }))
  expect(await world.people()).toHaveLength(1)
})

it('an address that is somebody’s stays theirs: who says so in a chat is a person of their own', async () => {
  await world.take(inboundMail({ from: 'ana@example.com' }, { parties: [emailParty('ana@example.com', 'Ana')] }))
  await write(bo, 'It is me, Ana', [emailParty('ana@example.com')], 'Ana')
  await write(bo, 'Really', [emailParty('ana@example.com')], 'Ana')
  expect(await ownersOf()).toEqual(['1 ana@example.com', `2 ${bo}`])
  expect((await world.leads()).map((it) => it.person_id)).toEqual([1, 2])
  // What it says is kept, to be looked at.
  expect(await visitors()).toMatchObject([{ visitor: bo, email: 'ana@example.com' }])
  // And what the company of that address is, is nothing known about the visitor.
  expect((await world.people())[1]?.company).toBeNull()
})
