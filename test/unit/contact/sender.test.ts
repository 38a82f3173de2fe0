import { expect, test } from 'vitest'
import { senderFor } from '../../../src/contact/sender.ts'
import { ownNumbersScope } from '../../../src/store/queries/own-numbers.ts'
import { openTestStore } from '../../fakes/test-store.ts'

const shop = '+14155550100'
const onWhatsApp = '+14155550101'

test('a stranger is written to by WhatsApp from the number that is there for it alone', async () => {
  const store = openTestStore()
  const accountId = await store.addAccount('twilio')
  const account = { accountSid: `AC${'1'.repeat(32)}`, baseUrl: 'http://127.0.0.1', number: shop }
  const settings = JSON.stringify({ ...account, others: [onWhatsApp] })
  await store.write(({ db }) => db.updateTable('account').set({ settings }).where('id', '=', accountId).execute())
  const from = async (means: 'sms' | 'whatsapp', number: string | null = null) =>
    (await senderFor(store.read, means, { accountId: null, number })).from
  // Before Twilio was asked for its numbers nothing tells them apart.
  expect(await from('whatsapp')).toBe(shop)
  const value = JSON.stringify([{ number: shop, sms: true, voice: true, gone: false }])
  await store.write(({ db }) =>
    db.insertInto('cursor').values({ account_id: accountId, scope: ownNumbersScope, value, updated_at: 1 }).execute(),
  )
  expect(await from('whatsapp')).toBe(onWhatsApp)
  expect(await from('sms')).toBe(shop)
  // Whoever wrote to another one gets the answer from that.
  expect(await from('whatsapp', shop)).toBe(shop)
})
