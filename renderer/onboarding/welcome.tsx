import { Loader } from '@mantine/core'
import { IconArrowRight, IconBellFilled, IconBuildingStore, IconFlask } from '@tabler/icons-react'
import { host } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useGuard } from './use-guard.ts'
import styles from './welcome.module.css'

/** The very first choice: look around with somebody else's business, or begin with one's own. */
export function Welcome({ onSetUp }: { readonly onSetUp: () => void }) {
  const { busy, problem, guard } = useGuard()
  const trySample = () =>
    void guard(async () => {
      await host('openWorkspace', { workspace: 'sample' })
    })
  return (
    <main className={styles.page}>
      <div className={styles.center}>
        <span className={styles.logo} aria-hidden="true">
          <IconBellFilled size={32} />
        </span>
        <h1>Welcome to Deskbell</h1>
        <p className={styles.sub}>
          Every lead from mail, phone, texts and web forms in one list: who is next, how long you have, and what was
          said last.
        </p>
        <div className={styles.choices}>
          <button type="button" className={styles.choice} data-main onClick={onSetUp} disabled={busy}>
            <span className={styles.disc}>
              <IconBuildingStore size={26} stroke={1.7} aria-hidden="true" />
            </span>
            <span className={styles.title}>Set up my business</span>
            <span className={styles.text}>
              Your hours, mailbox, phone number and web form. About ten minutes; every step can wait.
            </span>
            <span className={styles.go}>
              Start <IconArrowRight size={17} aria-hidden="true" />
            </span>
          </button>
          <button type="button" className={styles.choice} onClick={trySample} disabled={busy} aria-busy={busy}>
            <span className={styles.disc}>
              <IconFlask size={26} stroke={1.7} aria-hidden="true" />
            </span>
            <span className={styles.title}>Try it with sample data</span>
            <span className={styles.text}>
              A made-up business with leads, calls and mail. Nothing leaves this computer; one click removes it.
            </span>
            <span className={styles.go}>
              {busy ? (
                <>
                  Opening the sample <Loader size={14} color="currentColor" aria-hidden="true" />
                </>
              ) : (
                <>
                  Look around <IconArrowRight size={17} aria-hidden="true" />
                </>
              )}
            </span>
          </button>
        </div>
        {problem !== null && (
          <div className={styles.problem}>
            <ErrorNotice error={problem} onRetry={trySample} />
          </div>
        )}
        <p className={styles.promise}>Everything stays on this computer. No account, no sign-up.</p>
      </div>
    </main>
  )
}
