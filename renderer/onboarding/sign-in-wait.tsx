import { IconCircleCheckFilled, IconExternalLink } from '@tabler/icons-react'
import { useEngine } from '../rpc/queries.ts'
import { OutsideLink } from './outside-link.tsx'
import styles from './setup-form.module.css'

export type SigningIn = {
  readonly url: string
  /** When it began, ms UTC. */
  readonly since: number
  /** Somebody was signed in before: then a mailbox that works says nothing of this sign-in. */
  readonly again: boolean
}

type Props = { readonly id: number; readonly signingIn: SigningIn }

/** While somebody signs in at the provider's page: how it went is seen in the account's state. */
export function SignInWait({ id, signingIn: { url, since, again } }: Props) {
  const account = useEngine('channels.list', {}).data?.accounts.find((it) => it.id === id)
  const isIn = !again && account?.state === 'ok' && (account.lastOkAt ?? 0) >= since
  const IconOf = isIn ? IconCircleCheckFilled : IconExternalLink
  return (
    <div className={styles.help} data-tone="calm" role="status">
      <IconOf size={18} aria-hidden="true" />
      {isIn ? (
        <div>
          <b>Signed in. New mail comes in by itself now.</b>
        </div>
      ) : (
        <div>
          <b>Finish signing in in your browser</b>
          <p>Come back here when the page says so. It waits for ten minutes.</p>
          {account && <p dir="auto">The mailbox now: {account.stateMessage}</p>}
          <OutsideLink url={url}>Open the page again</OutsideLink>
        </div>
      )}
    </div>
  )
}
