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
import { Details } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { fullMoment } from '../ui/time-format.ts'
import { kindWords, pastError, since, stateSentence, stateWords } from './account-words.ts'
import styles from './health.module.css'
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

type Props = { readonly account: Account; readonly onConnect: () => void }

/** One channel: how it is, when something last came, what went wrong and when it is tried again. */
export function ChannelCard({ account, onConnect }: Props) {
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
      {url !== '' && <CopyBox label="Address of the form" text={url} />}
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
