import { Button } from '@mantine/core'
import { IconBellFilled, IconBuildingStore, IconFlask } from '@tabler/icons-react'
import { useState } from 'react'
import { host } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './onboarding.module.css'
import { SetUp } from './set-up.tsx'

/** The very first choice: look around with somebody else's business, or begin with one's own. */
export function FirstRun() {
  const [step, setStep] = useState<'choose' | 'setUp'>('choose')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const settings = useEngine('settings.get', {}).data
  if (step === 'setUp' && settings) return <SetUp settings={settings} onBack={() => setStep('choose')} />
  const trySample = () => {
    setBusy(true)
    setProblem(null)
    host('openWorkspace', { workspace: 'sample' })
      .catch(setProblem)
      .finally(() => setBusy(false))
  }
  return (
    <main className={styles.page}>
      <div className={styles.center}>
        <span className={styles.logo} aria-hidden="true">
          <IconBellFilled size={30} />
        </span>
        <h1>Welcome to Deskbell</h1>
        <p className={styles.sub}>
          Every lead from mail, phone, texts and web forms in one list: who is next, how long you have, what was said
          last.
        </p>
        <div className={styles.choices}>
          <section className={styles.choice}>
            <IconFlask size={26} stroke={1.6} aria-hidden="true" />
            <h2>Look around first</h2>
            <p>A made-up business with leads, calls and mail. Nothing leaves this computer; one click removes it.</p>
            <Button variant="default" loading={busy} onClick={trySample}>
              Try it with sample data
            </Button>
          </section>
          <section className={styles.choice}>
            <IconBuildingStore size={26} stroke={1.6} aria-hidden="true" />
            <h2>Start for real</h2>
            <p>Your hours, your mailbox, your phone number and a web form. Ten minutes, and every step can wait.</p>
            <Button disabled={!settings} onClick={() => setStep('setUp')}>
              Set up my business
            </Button>
          </section>
        </div>
        {problem !== null && <ErrorNotice error={problem} onRetry={trySample} />}
      </div>
    </main>
  )
}
