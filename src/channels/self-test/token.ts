import type { Inbound } from '../channel.ts'

/**
 * What a test of a channel with itself carries, so that it is recognised when it comes in: ten hex digits that only this
 * workspace knows, in words that anybody understands who finds it in a mailbox.
 */
export const testWords = (token: string): string => `Deskbell test ${token}`

const pattern = /Deskbell test ([0-9a-f]{10})(?![0-9a-f])/

/** The token of a test in a text; null when there is none. */
export const tokenIn = (text: string): string | null => pattern.exec(text)?.[1] ?? null

/** A Message-ID for a mail to oneself, without angle brackets. */
export const testMessageId = (token: string, address: string): string =>
  `deskbell-test-${token}@${address.slice(address.lastIndexOf('@') + 1)}`

/** True for a mail that a test sent, which the mailbox must bring although we sent it ourselves. */
export const isTestMessageId = (messageId: string): boolean => /^deskbell-test-[0-9a-f]{10}@/.test(messageId)

/** Looks where a test puts its token, and nowhere else: mails of others are long. */
export function tokenOf({ content }: Inbound): string | null {
  switch (content.kind) {
    case 'email':
      return tokenIn(content.subject)
    case 'text':
      return tokenIn(content.body)
    case 'form':
      return tokenIn(content.known.name ?? '')
    case 'call':
      return null
  }
}
