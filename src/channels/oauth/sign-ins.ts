import { accountSecret, type Host } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { toErrorBody } from '../../rpc/errors.ts'
import type { Store } from '../../store/store.ts'
import { saveState } from '../accounts.ts'
import type { EmailSettings, OAuthSettings } from '../contract.ts'
import { type SignIn, type SignInParts, startSignIn } from './sign-in.ts'
import { parseTokens } from './tokens.ts'

/** The sign-ins in the browser that are under way: one for each account at most. */
export type SignIns = {
  /**
   * How it ends is seen in the account: connected, or what went wrong.
   * @param clientSecret null keeps the one of the last sign-in
   * @returns the address to open in the browser
   */
  readonly start: (account: SigningIn, clientSecret: string | null) => Promise<string>
  readonly cancel: (accountId: number) => void
}

type SigningIn = { readonly id: number; readonly settings: EmailSettings; readonly oauth: OAuthSettings }

export type SignInsParts = SignInParts & {
  readonly store: Store
  readonly host: Host
  readonly log: Log
  readonly reload: (accountId: number) => Promise<void>
}

export function makeSignIns(parts: SignInsParts): SignIns {
  const { store, host, log, clock } = parts
  const underWay = new Map<number, SignIn>()

  const cancel = (accountId: number) => {
    const before = underWay.get(accountId)
    underWay.delete(accountId)
    before?.cancel()
  }

  const finish = async (accountId: number, signIn: SignIn): Promise<void> => {
    try {
      const tokens = await signIn.tokens
      if (underWay.get(accountId) !== signIn) return
      await host.setSecret(accountSecret(accountId), JSON.stringify(tokens))
      await parts.reload(accountId)
    } catch (error) {
      if (underWay.get(accountId) !== signIn) return
      const { message, detail } = toErrorBody(error)
      const state = { state: 'auth-failed', message, ...(detail ? { detail } : {}) } as const
      await store.write((tx) => saveState(tx, accountId, state, clock.now()))
    } finally {
      if (underWay.get(accountId) === signIn) underWay.delete(accountId)
    }
  }

  return {
    start: async ({ id, settings, oauth }, given) => {
      cancel(id)
      const kept = parseTokens(await host.getSecret(accountSecret(id)))?.clientSecret ?? null
      const signIn = await startSignIn(oauth, { address: settings.address, clientSecret: given || kept }, parts)
      underWay.set(id, signIn)
      finish(id, signIn).catch((error: unknown) => log.warn({ accountId: id, err: error }, 'a sign-in was lost'))
      return signIn.url
    },
    cancel,
  }
}
