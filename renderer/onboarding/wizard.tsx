import { Button } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { Banners } from '../shell/banners.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { firstGuess, thisComputer } from './first-guess.ts'
import type { Progress } from './progress.ts'
import { StepContent } from './step-content.tsx'
import { StepNav } from './step-nav.tsx'
import { isFormStep, type StepId, stepAfter, stepBefore, stepFormId, stepsDone, stepWords } from './steps.ts'
import { useGuard } from './use-guard.ts'
import styles from './wizard.module.css'

type Props = {
  readonly settings: Settings
  readonly progress: Progress
  readonly onProgress: (progress: Progress) => void
  readonly onFinished: () => void
}

/** The steps of the set-up. Any of them can be opened at any time, left out, and done again. */
export function Wizard({ settings, progress, onProgress, onFinished }: Props) {
  const channels = useEngine('channels.list', {})
  const { busy, problem, guard } = useGuard()
  const heading = useRef<HTMLHeadingElement>(null)
  const { at, skipped } = progress
  const done = stepsDone(settings, channels.data?.accounts ?? [], progress.deadlinesSeen)
  const words = stepWords[at]
  const before = stepBefore(at)

  // Keyboard and screen reader start at the top of the step that came.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what it waits for
  useEffect(() => heading.current?.focus({ preventScroll: false }), [at])

  const goTo = (id: StepId) => onProgress({ ...progress, at: id })
  const leave = (change: Partial<Progress> = {}) => onProgress({ ...progress, ...change, at: stepAfter(at) })
  const skip = () => leave({ skipped: [...skipped.filter((it) => it !== at), at] })
  const finish = () =>
    void guard(async () => {
      // Without a zone of its own every deadline would run in UTC.
      if (!done.has('business')) await call('settings.saveBusiness', firstGuess(settings.business, thisComputer()))
      await call('settings.savePreferences', { setUp: true })
      onFinished()
    })

  return (
    <div className={styles.window}>
      <StepNav at={at} done={done} skipped={skipped} onGo={goTo} onFinish={finish} busy={busy} />
      <main className={styles.main}>
        <Banners />
        <div className={styles.scroll} key={at}>
          <div className={styles.inner}>
            <h1 ref={heading} tabIndex={-1} className={styles.title}>
              {words.title}
            </h1>
            {words.why && <p className={styles.why}>{words.why}</p>}
            {channels.isError && !channels.data && (
              <ErrorNotice error={channels.error} onRetry={() => void channels.refetch()} />
            )}
            <StepContent
              at={at}
              settings={settings}
              accounts={channels.data?.accounts ?? null}
              waiting={channels.isPending}
              done={done}
              busy={busy}
              onNext={leave}
              onGo={goTo}
              onFinish={finish}
            />
            {problem !== null && <ErrorNotice error={problem} />}
          </div>
        </div>
        <footer className={styles.footer}>
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconArrowLeft size={16} />}
            onClick={() => (before === null ? onProgress({ ...progress, started: false }) : goTo(before))}
          >
            Back
          </Button>
          <div className={styles.forward}>
            {at !== 'done' && !done.has(at) && (
              <Button variant="default" onClick={skip}>
                Skip for now
              </Button>
            )}
            {isFormStep(at) && (
              <Button type="submit" form={stepFormId} rightSection={<IconArrowRight size={16} />}>
                Save and continue
              </Button>
            )}
            {done.has(at) && !isFormStep(at) && (
              <Button rightSection={<IconArrowRight size={16} />} onClick={() => leave()}>
                Continue
              </Button>
            )}
          </div>
        </footer>
      </main>
    </div>
  )
}
