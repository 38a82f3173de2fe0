import {
  type Icon,
  IconBrandWhatsapp,
  IconForms,
  IconMail,
  IconMessage2,
  IconMessages,
  IconNote,
  IconPhone,
  IconPhoneX,
} from '@tabler/icons-react'
import type { ChannelKind } from '../../src/inbox/contract.ts'

const icons: Readonly<Record<ChannelKind, Icon>> = {
  email: IconMail,
  sms: IconMessage2,
  whatsapp: IconBrandWhatsapp,
  chat: IconMessages,
  call: IconPhone,
  form: IconForms,
  note: IconNote,
}

export const channelNames: Readonly<Record<ChannelKind, string>> = {
  email: 'Mail',
  sms: 'Text',
  whatsapp: 'WhatsApp',
  chat: 'Chat',
  call: 'Call',
  form: 'Form',
  note: 'Note',
}

type Props = { readonly channel: ChannelKind; readonly missed?: boolean; readonly size?: number }

export function ChannelGlyph({ channel, missed = false, size = 15 }: Props) {
  const IconOf = missed ? IconPhoneX : icons[channel]
  return (
    <IconOf
      size={size}
      stroke={1.7}
      aria-hidden="true"
      style={{ flex: 'none', color: missed ? 'var(--db-late)' : 'var(--db-dim)' }}
    />
  )
}
