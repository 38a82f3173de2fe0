import {
  type Icon,
  IconAccessPoint,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconFlask,
  IconForms,
  IconLoader2,
  IconMail,
  IconMessages,
  IconPhone,
  IconPlayerPauseFilled,
  IconRefresh,
} from '@tabler/icons-react'
import type { Account, AccountKind, AccountState, ChannelHealth } from '../../src/channels/contract.ts'
import { CopyBox } from '../onboarding/copy-box.tsx'
import { Fold } from '../onboarding/fold.tsx'
import { publicAddresses } from '../settings/relay-words.ts'
import { Details } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { kindWords, pastError, since, stateSentence, stateWords } from './account-words.ts'
import { ChannelCounts } from './channel-counts.tsx'
import { FirstReading } from './first-reading.tsx'
import styles from './health.module.css'
import { latencyWords, rhythmWords, type Told } from './health-words.ts'
import { QuietNotice } from './quiet-notice.tsx'
import { Retry } from './retry.tsx'
import { SelfTest } from './self-test.tsx'
import { TryOuts } from './try-outs.tsx'

export const kindIcons: Readonly<Record<AccountKind, Icon>> = {
  email: IconMail,
  twilio: IconPhone,
  form: IconForms,
  chat: IconMessages,
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
  /** Null until the engine said. */
  readonly health: ChannelHealth | null
  readonly onConnect: () => void
}

/** One channel: how it is, when something last came, what went wrong and when it is tried again. */
export function ChannelCard({ account, accounts, health, onConnect }: Props) {
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
      {health && <QuietNotice account={account} health={health} />}
      {health && <TryOuts account={account} health={health} />}
      <FirstReading account={account} />
      <Retry account={account} onConnect={onConnect} />
      <dl className={styles.facts}>
        <Moment label="Last message, call or form" at={account.lastEventAt} never="nothing yet" />
        {health && <Habits account={account} health={health} />}
        <Moment label="Last time all was well" at={account.lastOkAt} never="not yet" />
        <Moment label="Last trouble" at={account.lastErrorAt} never="none" />
      </dl>
      {error !== null && (
        <p className={styles.error} dir="auto">
          {error}
        </p>
      )}
      <ChannelCounts account={account} health={health} />
      {url !== '' && <CopyBox label="Address of the form" text={url} />}
      {account.settings.kind === 'relay' && <Addresses settings={account.settings} accounts={accounts} />}
      {health && <SelfTest account={account} health={health} />}
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
  const place = usePlace()
  const now = useNow()
  return (
    <div>
      <dt>{label}</dt>
      <dd title={at === null ? undefined : fullMoment(at, place)}>{at === null ? never : since(at, now)}</dd>
    </div>
  )
}

/** How often something usually comes, and how soon it is here. A relay only hands on what others bring. */
function Habits({ account, health }: { readonly account: Account; readonly health: ChannelHealth }) {
  const latency = latencyWords(health)
  return (
    <>
      {account.kind !== 'relay' && <Habit label="Usually something comes" {...rhythmWords(health)} />}
      {latency && <Habit label="Usually takes" {...latency} />}
    </>
  )
}

function Habit({ label, text, title }: Told & { readonly label: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd title={title}>{text}</dd>
    </div>
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
