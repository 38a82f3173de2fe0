import { randomBytes } from 'node:crypto'
import { accountSecret, type Host } from '../../lib/host.ts'
import type { ReadStore } from '../../store/store.ts'
import { readAccounts, settingsOf } from '../accounts.ts'
import { urlOfHook } from './handlers.ts'
import { parseRelaySecret } from './relay-secret.ts'
import { unsubscribeToken } from './unsubscribe-token.ts'

/** Makes the public address at which one e-mail address (lower case) is taken off all mail. */
export type UnsubscribeLink = (email: string) => string

/**
 * How unsubscribe links are made, at the first relay that has an address for them; null when there is none. A link works
 * for as long as that address is not given up.
 */
export async function unsubscribeLinks(store: ReadStore, host: Host): Promise<UnsubscribeLink | null> {
  for (const row of await readAccounts(store)) {
    const settings = settingsOf(row)
    const relay = settings.kind === 'relay' ? settings.relay : null
    const hook = relay?.hooks.find((it) => it.kind === 'unsubscribe')
    const secret = hook ? parseRelaySecret(await host.getSecret(accountSecret(row.id))) : null
    if (!relay || !hook || !secret) continue
    const base = urlOfHook(relay, hook)
    return (email) => `${base}/${unsubscribeToken(secret.privateKey, email, randomBytes(12))}`
  }
  return null
}
