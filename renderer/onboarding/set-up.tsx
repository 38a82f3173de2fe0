import { Button, Group, Stepper } from '@mantine/core'
import { IconBuildingStore, IconForms, IconMail, IconPhone, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import type { Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { EmailForm } from '../settings/email-form.tsx'
import { FormChannel } from '../settings/form-channel.tsx'
import { useSave } from '../settings/save-bar.tsx'
import { TwilioForm } from '../settings/twilio-form.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { BusinessStep } from './business-step.tsx'
import { MeStep } from './me-step.tsx'
import styles from './onboarding.module.css'

type Props = { readonly settings: Settings; readonly onBack: () => void }

const titles = ['Your business', 'You', 'Your mailbox', 'Your phone number', 'A web form'] as const
const icons = [IconBuildingStore, IconUser, IconMail, IconPhone, IconForms] as const

/** Five short steps. Each can be skipped here and done later in the settings. */
export function SetUp({ settings, onBack }: Props) {
  const [step, setStep] = useState(0)
  const { busy, problem, save } = useSave()
  const last = titles.length - 1
  const finish = () =>
    void save(
      () => call('settings.savePreferences', { setUp: true }),
      () => null,
    )
  const next = () => (step === last ? finish() : setStep(step + 1))
  return (
    <main className={styles.page}>
      <div className={styles.setUp}>
        <Stepper active={step} onStepClick={setStep} size="xs" allowNextStepsSelect={false} iconSize={34}>
          {titles.map((title, index) => {
            const IconOf = icons[index] ?? IconForms
            return <Stepper.Step key={title} label={title} icon={<IconOf size={17} />} aria-label={title} />
          })}
        </Stepper>
        <section className={styles.step} aria-label={titles[step]} key={step}>
          <h1>{titles[step]}</h1>
          {step === 0 && <BusinessStep business={settings.business} onDone={next} />}
          {step === 1 && <MeStep me={settings.me} onDone={next} />}
          {step === 2 && <EmailForm account={null} onDone={next} doneLabel="Save and go on" />}
          {step === 3 && <TwilioForm account={null} onDone={next} doneLabel="Save and go on" />}
          {step === 4 && <FormChannel account={null} onDone={next} />}
        </section>
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="space-between">
          <Button variant="subtle" color="gray" onClick={() => (step === 0 ? onBack() : setStep(step - 1))}>
            Back
          </Button>
          {step === last ? (
            <Button loading={busy} onClick={finish}>
              Open the inbox
            </Button>
          ) : (
            <Button variant="subtle" onClick={next}>
              Skip for now
            </Button>
          )}
        </Group>
      </div>
    </main>
  )
}
