import {
  type Icon,
  IconAccessPoint,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconFlask,
  IconForms,
  IconLoader2,
  IconMail,
  IconPhone,
  IconPlayerPauseFilled,
  IconRefresh,
} from '@tabler/icons-react'
import type { Account, AccountKind, AccountState } from '../../src/channels/contract.ts'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { Fold } from '../onboarding/fold.tsx'
import { publicAddresses } from '../settings/relay-words.ts'
import { Details } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { kindWords, pastError, since, stateSentence, stateWords } from './account-words.ts'
import { FirstReading } from './first-reading.tsx'
import styles from './health.module.css'
import { leftOutLines } from './reading.ts'
import { Retry } from './retry.tsx'

export const kindIcons: Readonly<Record<AccountKind, Icon>> = {
  email: IconMail,
  twilio: IconPhone,
  form: IconForms,
  relay: IconAccessPoint,
  sample: IconFlask,
}

const stateIcons: Readonly<Record<AccountState, Icon>> = {
  connecting: IconLoader2,
  ok: IconCircleCheckFilled,
  'backing-off': IconRefresh,
  'auth-failed': IconAlertTriangleFilled,
  stopped: IconPlayerPauseFilled,
}

type Props = {
  readonly account: Account
  /** All of them: the addresses of a relay are named after them. */
  readonly accounts: readonly Account[]
  readonly onConnect: () => void
}

/** One channel: how it is, when something last came, what went wrong and when it is tried again. */
export function ChannelCard({ account, accounts, onConnect }: Props) {
  const KindIcon = kindIcons[account.kind]
  const error = pastError(account)
  const url = account.settings.kind === 'form' ? account.settings.url : ''
  return (
    <article
      className={styles.card}
      aria-label={`${kindWords[account.kind]} ${account.label}`}
      data-tone={stateWords[account.state].tone}
    >
      <div className={styles.cardHead}>
        <span className={styles.kind}>
          <KindIcon size={20} stroke={1.6} aria-hidden="true" />
        </span>
        <div className={styles.names}>
          <h2 dir="auto" title={account.label}>
            {account.label}
          </h2>
          <p>{kindWords[account.kind]}</p>
        </div>
      </div>
      <StateLine account={account} />
      <FirstReading account={account} />
      <Retry account={account} onConnect={onConnect} />
      <dl className={styles.facts}>
        <Moment label="Last message, call or form" at={account.lastEventAt} never="nothing yet" />
        <Moment label="Last time all was well" at={account.lastOkAt} never="not yet" />
        <Moment label="Last trouble" at={account.lastErrorAt} never="none" />
      </dl>
      {error !== null && (
        <p className={styles.error} dir="auto">
          {error}
        </p>
      )}
      <Counts account={account} />
      <LeftOut account={account} />
      {url !== '' && <CopyBox label="Address of the form" text={url} />}
      {account.settings.kind === 'relay' && <Addresses settings={account.settings} accounts={accounts} />}
    </article>
  )
}

/** The state in a word and a sentence, with its own icon and colour; the technical text one click away. */
export function StateLine({ account }: { readonly account: Account }) {
  const { word, tone } = stateWords[account.state]
  const IconOf = stateIcons[account.state]
  const sentence = stateSentence(account)
  return (
    <div className={styles.state} data-tone={tone}>
      <IconOf size={17} aria-hidden="true" />
      <div className={styles.stateText}>
        <b>{word}</b>
        {(sentence !== null || account.stateDetail) && (
          <div dir="auto">
            {sentence}
            {account.stateDetail && <Details text={account.stateDetail} label="Technical details" />}
          </div>
        )}
      </div>
    </div>
  )
}

function Moment({ label, at, never }: { readonly label: string; readonly at: number | null; readonly never: string }) {
  const now = useNow()
  return (
    <div>
      <dt>{label}</dt>
      <dd title={at === null ? undefined : fullMoment(at)}>{at === null ? never : since(at, now)}</dd>
    </div>
  )
}

function Counts({ account: { seen, taken, skipped } }: { readonly account: Account }) {
  const number = (value: number) => value.toLocaleString('en')
  return (
    <dl className={styles.counts} aria-label="Since it was connected">
      <div>
        <dt>seen</dt>
        <dd>{number(seen)}</dd>
      </div>
      <div>
        <dt>taken in</dt>
        <dd>{number(taken)}</dd>
      </div>
      <div title="Spam, meant for another number, or impossible to read. Nothing is deleted at your provider.">
        <dt>left out</dt>
        <dd>{number(skipped)}</dd>
      </div>
    </dl>
  )
}

/** Why mail was left out on purpose: a rule that is too narrow shows here. */
function LeftOut({ account }: { readonly account: Account }) {
  const lines = leftOutLines(account)
  if (lines.length === 0) return null
  return (
    <Fold label="What is left out on purpose">
      <ul className={styles.reasons}>
        {lines.map((it) => (
          <li key={it}>{it}</li>
        ))}
      </ul>
    </Fold>
  )
}

type AddressesProps = {
  readonly settings: Extract<Account['settings'], { readonly kind: 'relay' }>
  readonly accounts: readonly Account[]
}

function Addresses({ settings, accounts }: AddressesProps) {
  const addresses = publicAddresses(settings, accounts)
  if (addresses.length === 0) {
    return <p className={styles.error}>It has no public address yet. Make one in Settings, Channels.</p>
  }
  return (
    <Fold label={addresses.length === 1 ? 'One public address' : `${addresses.length} public addresses`}>
      {addresses.map(({ token, label, url }) =>
        url === null ? (
          <p key={token} className={styles.plainLine}>
            {label}
          </p>
        ) : (
          <CopyBox key={token} label={label} text={url} />
        ),
      )}
    </Fold>
  )
}
