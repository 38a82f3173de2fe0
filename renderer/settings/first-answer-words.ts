import type { AnswerSlot } from '../../src/contact/first-answer/contract.ts'

/** What each way to come is called, and how it is answered. */
export const slotWords: Readonly<Record<AnswerSlot, { readonly title: string; readonly how: string }>> = {
  email: { title: 'A mail comes in', how: 'by mail, in their conversation' },
  form: { title: 'A form with an e-mail address', how: 'by mail' },
  formText: { title: 'A form with only a phone number', how: 'by text' },
  call: { title: 'A call that nobody took', how: 'by text, not to landlines' },
  sms: { title: 'A text comes in', how: 'by text' },
  whatsapp: { title: 'A WhatsApp message comes in', how: 'by WhatsApp' },
  chat: { title: 'Somebody writes in the chat', how: 'in the chat' },
}

export const slotOrder = [
  'email',
  'form',
  'formText',
  'call',
  'sms',
  'whatsapp',
  'chat',
] as const satisfies AnswerSlot[]
