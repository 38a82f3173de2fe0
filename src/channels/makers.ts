import { must } from '../lib/assert.ts'
import type { BusinessTime } from '../lib/business-time.ts'
import type { Store } from '../store/store.ts'
import { settingsOf } from './accounts.ts'
import { makeChatChannel } from './chat/chat-channel.ts'
import type { ChatDesk } from './chat/chat-desk.ts'
import { sampleSettings } from './contract.ts'
import { openEmailChannel } from './email/email-channel.ts'
import { type MailReader, plainReader } from './email/mail-reader.ts'
import { makeFormChannel } from './forms/form-channel.ts'
import type { FormLimits } from './forms/limits.ts'
import type { FormsListener } from './forms/listener.ts'
import type { ChannelMakers } from './registry.ts'
import { makeRelayChannel } from './relay/relay-channel.ts'
import type { RelaySurroundings } from './relay/take-delivery.ts'
import { makeSampleChannel } from './sample/sample-channel.ts'
import { createTwilioChannel } from './twilio/twilio-channel.ts'

export type MakersParts = {
  readonly fetch: typeof fetch
  readonly listener: FormsListener
  /** For many mails at once; without it each mailbox reads its own. */
  readonly mailReader?: MailReader
  readonly limits: FormLimits
  /** Hex digits nobody used before. */
  readonly newId: () => string
  /** What a relay's deliveries are for, beside the forms of `listener`. */
  readonly around: Omit<RelaySurroundings, 'handOver' | 'handOverChat'>
  readonly store: Store
  readonly chats: ChatDesk
  readonly businessTime: () => Promise<BusinessTime>
}

/** How each kind of account becomes a channel. A new kind of channel is added here (docs/adding-a-channel.md). */
export function makeChannelMakers({
  fetch,
  listener,
  mailReader = plainReader,
  limits,
  newId,
  around,
  ...chat
}: MakersParts): ChannelMakers {
  return {
    email: (account, context) => {
      const settings = settingsOf(account)
      const email = must(settings.kind === 'email' ? settings.email : null, 'e-mail settings')
      return openEmailChannel(email, context, { fetch, reader: mailReader })
    },
    twilio: (account, context) => {
      const settings = settingsOf(account)
      return createTwilioChannel(
        must(settings.kind === 'twilio' ? settings.twilio : null, 'Twilio settings'),
        context,
        { fetch },
      )
    },
    form: (account, context) => {
      const settings = settingsOf(account)
      const { form, token } = must(settings.kind === 'form' ? settings : null, 'form settings')
      return makeFormChannel({ listener, settings: form, token, limits, context, fetch })
    },
    chat: (account, context) => {
      const stored = settingsOf(account)
      const settings = must(stored.kind === 'chat' ? stored.chat : null, 'chat settings')
      const { store, chats: desk, businessTime } = chat
      return makeChatChannel({ settings, context, store, desk, businessTime })
    },
    relay: (account, context) => {
      const settings = settingsOf(account)
      const relay = must(settings.kind === 'relay' ? settings.relay : null, 'relay settings')
      const all = { ...around, handOver: listener.handOver, handOverChat: chat.chats.handOver }
      return makeRelayChannel({ settings: relay, context, around: all, fetch })
    },
    sample: (account, context) =>
      makeSampleChannel({ context, phone: sampleSettings.parse(JSON.parse(account.settings)).phone, newId }),
  }
}
