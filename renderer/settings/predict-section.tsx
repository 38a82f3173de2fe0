import { Button, Skeleton, Switch } from '@mantine/core'
import { IconChartDots } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import { OutcomeChoicesBox } from './outcome-choices.tsx'
import styles from './predict.module.css'
import { PredictAdvice } from './predict-advice.tsx'

// The drawing of charts is the heaviest part of the window and seldom looked at.
const PredictCharts = lazy(async () => ({ default: (await import('./predict-charts.tsx')).PredictCharts }))

type Review = MethodOutput<'predict.review'>
type Props = { readonly tiers: { readonly hotFrom: number; readonly warmFrom: number } }

/** Are the scores right? How often leads were won by what was said of them, and whether a model does better. */
export function PredictSection({ tiers }: Props) {
  const query = useEngine('predict.review', {})
  const review = query.data
  if (query.isError && !review) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
  if (!review) return <Skeleton height={260} aria-label="The review is being fetched" />
  const { report } = review
  return (
    <div className={styles.page}>
      {review.due && <Due />}
      <State review={review} />
      {report === null && <Missing review={review} />}
      {report && (
        <>
          <Figures report={report} />
          <Suspense fallback={<Skeleton height={300} aria-label="The charts are being drawn" />}>
            <PredictCharts report={report} />
          </Suspense>
          {report.looksAt.length > 0 && (
            <p className={styles.dim}>What it looks at most: {report.looksAt.map(lowerFirst).join(', ')}.</p>
          )}
        </>
      )}
      <PredictAdvice proposed={report?.proposedTiers ?? null} tiers={tiers} />
      <OutcomeChoicesBox />
    </div>
  )
}

const lowerFirst = (it: string) => it.charAt(0).toLowerCase() + it.slice(1)

function Due() {
  const report = useReport()
  return (
    <div className={styles.due} role="status">
      <span>Four times a year it is worth a look: were the leads you called hot the ones you won?</span>
      <Button size="compact-sm" variant="default" onClick={() => call('predict.reviewed', {}).catch(report)}>
        I looked
      </Button>
    </div>
  )
}

const stateNames = {
  off: 'Not started',
  refused: 'Not used',
  shadow: 'Runs beside your rules',
  ready: 'Better than your rules',
} as const

function State({ review }: { readonly review: Review }) {
  const place = usePlace()
  const now = useNow('minute')
  const report = useReport()
  const [saving, setSaving] = useState(false)
  const { state, reason, decides, learning, trainedAt, outcomes, won } = review
  const decide = (on: boolean) => {
    setSaving(true)
    call('predict.decide', { on })
      .catch(report)
      .finally(() => setSaving(false))
  }
  return (
    <section className={styles.card} aria-label="The score that learns">
      <div className={styles.head}>
        <h3>The score that learns</h3>
        <span className={styles.state} data-state={state}>
          {learning ? 'Learning now …' : stateNames[state]}
        </span>
      </div>
      <p>
        It looks at how your leads ended and foresees how likely a new one is won. It learns on this computer; nothing
        leaves it. {reason}
      </p>
      <p className={styles.dim}>
        {plural(outcomes, 'outcome')}, {won} won
        {trainedAt !== null && ` · learnt ${shortMoment(trainedAt, now, place)}`}
      </p>
      <div className={styles.controls}>
        <Switch
          label="The chance decides who is hot or warm"
          description={
            state === 'ready' || decides
              ? 'As many leads are hot and warm as by your rules, but the likelier ones. Switch off to go back to the rules at once.'
              : 'Possible from 500 outcomes on, when it does better than your rules on leads it had not seen.'
          }
          checked={decides}
          disabled={saving || (state !== 'ready' && !decides)}
          onChange={(event) => decide(event.currentTarget.checked)}
        />
        {outcomes >= review.neededToLearn && (
          <Button
            variant="default"
            disabled={learning}
            onClick={() => call('predict.learn', {}).then(() => undefined, report)}
          >
            Learn again
          </Button>
        )}
      </div>
    </section>
  )
}

function Missing({ review: { outcomes, neededToLearn } }: { readonly review: Review }) {
  const missing = neededToLearn - outcomes
  return (
    <div className={styles.nothing}>
      <Empty
        icon={IconChartDots}
        title={missing > 0 ? `You need ${plural(missing, 'more outcome')}` : 'It has not learnt yet'}
      >
        <p>
          Press s on a lead to say whether it was won or lost. From {neededToLearn} on you see here how often leads are
          won by their score, and what a model would make of them.
        </p>
        <div className={styles.track} aria-hidden="true">
          <span style={{ width: `${Math.min(100, (100 * outcomes) / neededToLearn)}%` }} />
        </div>
        <p>
          {outcomes} of {neededToLearn}
        </p>
      </Empty>
    </div>
  )
}

type Report = NonNullable<Review['report']>

function Figures({ report: { model, rules, difference, differenceLow, differenceHigh } }: { readonly report: Report }) {
  return (
    <section className={styles.card} aria-label="How right they are">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">On leads it had not seen</th>
            <th scope="col">Your rules</th>
            <th scope="col">What it learnt</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Of two leads, one won and one not, it names the right one</th>
            <td>{percent(rules.auc)}</td>
            <td>{percent(model.auc)}</td>
          </tr>
          <tr>
            <th scope="row">The best tenth is won so many times more often than all</th>
            <td>{times(rules.lift10)}</td>
            <td>{times(model.lift10)}</td>
          </tr>
        </tbody>
      </table>
      <p className={styles.dim}>
        Difference {points(difference)} points (with 95% certainty between {points(differenceLow)} and{' '}
        {points(differenceHigh)}). 50% is a coin toss.
      </p>
    </section>
  )
}

const percent = (share: number) => `${Math.round(100 * share)}%`
const times = (lift: number) => (Number.isFinite(lift) ? `${lift.toFixed(1)} ×` : '–')
const points = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`
