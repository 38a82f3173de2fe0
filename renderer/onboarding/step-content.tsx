import { Skeleton } from '@mantine/core'
import type { Account } from '../../src/channels/contract.ts'
import type { Settings } from '../../src/settings/contract.ts'
import { BusinessForm } from './business-form.tsx'
import { ChannelStep } from './channel-step.tsx'
import { DeadlinesStep } from './deadlines-step.tsx'
import { DoneStep } from './done-step.tsx'
import { MailboxForm } from './mailbox-form.tsx'
import { PhoneHint } from './phone-hint.tsx'
import type { Progress } from './progress.ts'
import { type StepId, stepFormId } from './steps.ts'
import { TwilioForm } from './twilio-form.tsx'
import { WebFormForm } from './web-form-form.tsx'
import { YouStep } from './you-step.tsx'

type Props = {
  readonly at: StepId
  readonly settings: Settings
  /** Null until they are known. */
  readonly accounts: readonly Account[] | null
  /** False when they could not be fetched: the wizard says so. */
  readonly waiting: boolean
  readonly done: ReadonlySet<StepId>
  readonly busy: boolean
  readonly onNext: (change?: Partial<Progress>) => void
  readonly onGo: (id: StepId) => void
  readonly onFinish: () => void
}

export function StepContent({ at, settings, accounts, waiting, done, busy, onNext, onGo, onFinish }: Props) {
  if (accounts === null && at !== 'business' && at !== 'you') {
    return waiting ? <Skeleton height={180} radius="lg" aria-label="One moment" /> : null
  }
  const of = (kind: Account['kind']) => (accounts ?? []).filter((it) => it.kind === kind)
  switch (at) {
    case 'business':
      return <BusinessForm business={settings.business} formId={stepFormId} onSaved={() => onNext()} />
    case 'you':
      return <YouStep me={settings.me} formId={stepFormId} onSaved={() => onNext()} />
    case 'mailbox':
      return <ChannelStep accounts={of('email')} form={MailboxForm} another="Connect another mailbox" />
    case 'phone':
      return (
        <ChannelStep accounts={of('twilio')} form={TwilioForm} another="Connect another number">
          <PhoneHint me={settings.me} onAddMobile={() => onGo('you')} />
        </ChannelStep>
      )
    case 'form':
      return <ChannelStep accounts={of('form')} form={WebFormForm} another="Make another form" />
    case 'deadlines':
      return <DeadlinesStep settings={settings} onFine={() => onNext({ deadlinesSeen: true })} />
    case 'done':
      return (
        <DoneStep
          settings={settings}
          done={done}
          accounts={accounts ?? []}
          busy={busy}
          onGo={onGo}
          onFinish={onFinish}
        />
      )
  }
}
