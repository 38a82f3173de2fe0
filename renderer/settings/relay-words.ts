import type { Account, FormPage, RelayHook } from '../../src/channels/contract.ts'

type RelayAccount = Extract<Account['settings'], { readonly kind: 'relay' }>

export type PublicAddress = {
  readonly token: string
  readonly kind: RelayHook['kind']
  /** Of a form that is shown as a page of its own. */
  readonly page: FormPage | null
  readonly label: string
  /** Null for an address that each mail completes by itself: it is of no use to copy. */
  readonly url: string | null
  readonly hint: string
}

const nameOf = (accounts: readonly Account[], id: number) => accounts.find((it) => it.id === id)?.label

/** The public addresses of a relay, in the words of those who paste them somewhere. */
export function publicAddresses({ relay, urls }: RelayAccount, accounts: readonly Account[]): PublicAddress[] {
  return relay.hooks.map((hook, index) => ({
    token: hook.token,
    kind: hook.kind,
    page: hook.kind === 'form' ? (hook.page ?? null) : null,
    ...addressOf(hook, urls[index] ?? null, accounts),
  }))
}

function addressOf(
  hook: RelayHook,
  url: string | null,
  accounts: readonly Account[],
): Omit<PublicAddress, 'token' | 'kind' | 'page'> {
  switch (hook.kind) {
    case 'form': {
      const name = nameOf(accounts, hook.formId)
      const hint = 'Use it in your website in place of the address on this computer.'
      return name === undefined
        ? { label: 'A form that is gone', url, hint: 'What arrives here is kept as it came.' }
        : { label: `Form: ${name}`, url, hint }
    }
    case 'twilio': {
      const name = nameOf(accounts, hook.twilioId)
      // For calls Twilio does what this address answers, and it answers nothing: as "a call comes in" it would hang up.
      const hint =
        'In the Twilio console, on the page of the number: paste it at “A message comes in” and at “Call status changes”. Not at “A call comes in”.'
      return name === undefined
        ? { label: 'A phone number that is gone', url, hint: 'Nothing is done with what arrives here.' }
        : { label: `Phone: ${name}`, url, hint }
    }
    case 'chat': {
      const name = nameOf(accounts, hook.chatId)
      const hint = 'The script of your chat. The line to paste into your website is in the settings of the chat.'
      return name === undefined
        ? { label: 'A chat that is gone', url, hint: 'What arrives here is kept as it came.' }
        : { label: name, url, hint }
    }
    case 'unsubscribe':
      return {
        label: '“No more mail” links',
        url: null,
        hint: 'Goes into your mails by itself, different for each person. Whoever clicks it gets no more mail.',
      }
  }
}

export type NewHook = { readonly key: string; readonly label: string; readonly hook: HookTarget }
type HookTarget =
  | { readonly kind: 'form'; readonly formId: number }
  | { readonly kind: 'twilio'; readonly twilioId: number }
  | { readonly kind: 'chat'; readonly chatId: number }
  | { readonly kind: 'unsubscribe' }

/** What could still get a public address here. */
export function possibleHooks(hooks: readonly RelayHook[], accounts: readonly Account[]): NewHook[] {
  const has = (test: (hook: RelayHook) => boolean) => hooks.some(test)
  const some = accounts.flatMap(({ id, kind, label }): NewHook[] => {
    if (kind === 'form' && !has((it) => it.kind === 'form' && it.formId === id))
      return [{ key: `form-${id}`, label: `Form: ${label}`, hook: { kind, formId: id } }]
    if (kind === 'twilio' && !has((it) => it.kind === 'twilio' && it.twilioId === id))
      return [{ key: `twilio-${id}`, label: `Phone: ${label}`, hook: { kind, twilioId: id } }]
    if (kind === 'chat' && !has((it) => it.kind === 'chat' && it.chatId === id))
      return [{ key: `chat-${id}`, label, hook: { kind, chatId: id } }]
    return []
  })
  if (has((it) => it.kind === 'unsubscribe')) return some
  return [...some, { key: 'unsubscribe', label: '“No more mail” links', hook: { kind: 'unsubscribe' } }]
}

/** The public address of a form at any relay; null when it has none. */
export const publicUrlOfForm = (accounts: readonly Account[], formId: number): string | null =>
  urlOf(accounts, (it) => it.kind === 'form' && it.formId === formId)

/** The script of a chat at any relay; null when it has no public address. */
export const scriptOfChat = (accounts: readonly Account[], chatId: number): string | null =>
  urlOf(accounts, (it) => it.kind === 'chat' && it.chatId === chatId)

function urlOf(accounts: readonly Account[], isIt: (hook: RelayHook) => boolean): string | null {
  for (const { settings } of accounts) {
    if (settings.kind !== 'relay') continue
    const index = settings.relay.hooks.findIndex(isIt)
    if (index >= 0) return settings.urls[index] ?? null
  }
  return null
}

/** What goes into the website, before the end of its body. */
export const chatSnippet = (url: string): string => `<script src="${url}" async></script>`

/** Where a form is a page of its own. */
export const pageUrlOf = (hookUrl: string): string => hookUrl.replace(/\/h\/([0-9a-f]{16}\/[0-9a-f]{32})$/, '/f/$1')

/** As people type it, without https:// or with a slash at the end. Null when it is no web address. */
export function relayUrl(typed: string): string | null {
  const text = typed.trim()
  if (text === '' || /\s/.test(text)) return null
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
