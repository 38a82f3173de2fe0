import { Button } from '@mantine/core'
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconCircleDashed, IconInbox } from '@tabler/icons-react'
import type { Account } from '../../src/channels/contract.ts'
import type { Settings } from '../../src/settings/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { inWords } from '../ui/time-format.ts'
import { hoursInWords } from './hours-in-words.ts'
import styles from './steps.module.css'
import { type StepId, stepIds, stepWords } from './steps.ts'

type Props = {
  readonly settings: Settings
  readonly done: ReadonlySet<StepId>
  readonly accounts: readonly Account[]
  readonly busy: boolean
  readonly onGo: (id: StepId) => void
  readonly onFinish: () => void
}

const kindOf: Readonly<Partial<Record<StepId, Account['kind']>>> = { mailbox: 'email', phone: 'twilio', form: 'form' }

const missing: Readonly<Record<Exclude<StepId, 'done'>, string>> = {
  business: 'Without it: Monday to Friday 9 to 5, in the time zone of this computer.',
  you: 'Without it nobody owns new leads.',
  mailbox: 'Without it no mail comes in, and none can be answered.',
  phone: 'Without it no calls and texts come in.',
  form: 'Without it nothing comes in from your website.',
  deadlines: 'Until then the usual ones apply.',
}

/** What is there and what is missing, before the inbox opens. */
export function DoneStep({ settings, done, accounts, busy, onGo, onFinish }: Props) {
  const team = useEngine('team.list', {}).data
  const connected = accounts.length > 0
  const { business, sla, me } = settings
  const member = team?.members.find((it) => it.id === me)
  const labels = (kind: Account['kind']) =>
    accounts
      .filter((it) => it.kind === kind)
      .map((it) => it.label)
      .join(' · ')
  const isBroken = (id: StepId) =>
    accounts.some((it) => it.kind === kindOf[id] && (it.state === 'auth-failed' || it.state === 'backing-off'))
  const said: Readonly<Record<Exclude<StepId, 'done'>, string>> = {
    business: `${business.name} · ${business.alwaysOpen ? 'always open' : hoursInWords(business.hours)}`,
    you: [member?.name, member?.mobile].filter(Boolean).join(' · '),
    mailbox: labels('email'),
    phone: labels('twilio'),
    form: labels('form'),
    deadlines:
      sla.hot.firstContactMs === null ? 'As you set them' : `Hot leads within ${inWords(sla.hot.firstContactMs)}`,
  }
  return (
    <>
      <p className={styles.lead}>
        {!connected
          ? 'Nothing is connected yet, so no leads can come in. You can do that now or later in Settings.'
          : stepIds.some(isBroken)
            ? 'What is marked here does not connect yet, so nothing comes in there. Mend it now, or later in Settings.'
            : 'New leads come in by themselves now. Everything here can be changed in Settings.'}
      </p>
      <div className={styles.stack}>
        <div className={styles.box}>
          <ul className={styles.checks}>
            {stepIds
              .filter((id) => id !== 'done')
              .map((id) => {
                const isDone = done.has(id)
                const broken = isBroken(id)
                const IconOf = broken ? IconAlertTriangleFilled : isDone ? IconCircleCheckFilled : IconCircleDashed
                return (
                  <li key={id} data-done={isDone || undefined} data-broken={broken || undefined}>
                    <IconOf size={20} aria-hidden="true" />
                    <div className={styles.what}>
                      <b>{stepWords[id].short}</b>
                      <span dir="auto">
                        {isDone ? said[id] : `Not yet. ${missing[id]}`}
                        {broken && ': does not connect yet'}
                      </span>
                    </div>
                    <Button
                      size="compact-sm"
                      variant={isDone && !broken ? 'subtle' : 'default'}
                      aria-label={`${isDone ? 'Change' : 'Do it now'}: ${stepWords[id].short}`}
                      onClick={() => onGo(id)}
                    >
                      {isDone ? 'Change' : 'Do it now'}
                    </Button>
                  </li>
                )
              })}
          </ul>
        </div>
        <div>
          <Button size="md" leftSection={<IconInbox size={18} />} loading={busy} onClick={onFinish}>
            Open my inbox
          </Button>
        </div>
      </div>
    </>
  )
}
