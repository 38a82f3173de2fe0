import { IconBellFilled, IconCheck, IconMinus } from '@tabler/icons-react'
import styles from './step-nav.module.css'
import { type StepId, stepIds, stepWords } from './steps.ts'

type Props = {
  readonly at: StepId
  readonly done: ReadonlySet<StepId>
  readonly skipped: readonly StepId[]
  readonly busy: boolean
  readonly onGo: (id: StepId) => void
  readonly onFinish: () => void
}

/** All steps and how far each is; a list on the left, a strip on top where the window is narrow. */
export function StepNav({ at, done, skipped, busy, onGo, onFinish }: Props) {
  const total = stepIds.length - 1
  return (
    <nav className={styles.nav} aria-label="Steps of the set-up">
      <div className={styles.brand}>
        <span className={styles.logo} aria-hidden="true">
          <IconBellFilled size={19} />
        </span>
        <span>
          <b>Set up Deskbell</b>
          <span className={styles.count}>
            {done.size} of {total} done
          </span>
        </span>
      </div>
      <ol className={styles.list}>
        {stepIds.map((id, index) => {
          const state = done.has(id) ? 'done' : skipped.includes(id) && id !== at ? 'skipped' : 'open'
          return (
            <li key={id}>
              <button
                type="button"
                className={styles.step}
                data-state={state}
                aria-current={id === at ? 'step' : undefined}
                onClick={() => onGo(id)}
              >
                <span className={styles.mark} aria-hidden="true">
                  {state === 'done' ? (
                    <IconCheck size={15} stroke={2.6} />
                  ) : state === 'skipped' ? (
                    <IconMinus size={15} stroke={2.6} />
                  ) : (
                    index + 1
                  )}
                </span>
                <span className={styles.name}>{stepWords[id].short}</span>
                {state !== 'open' && <span className={styles.state}>{state}</span>}
              </button>
            </li>
          )
        })}
      </ol>
      {at !== 'done' && (
        <button type="button" className={styles.later} disabled={busy} onClick={onFinish}>
          Finish later
        </button>
      )}
    </nav>
  )
}
