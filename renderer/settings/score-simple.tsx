import { NativeSelect } from '@mantine/core'
import type { BucketRule, QuestionRule, Scoring, Trial } from '../../src/score/contract.ts'
import { tierChoices } from '../ui/score-words.ts'
import styles from './score.module.css'
import { AddRule } from './score-points.tsx'
import { ScoreRuleRow } from './score-rule-row.tsx'
import shared from './settings.module.css'

type Props = {
  readonly scoring: Scoring
  readonly trial: Trial | undefined
  readonly newId: () => string
  readonly onChange: (scoring: Scoring) => void
}

const asks = { all: [{ kind: 'text' as const, anyOf: ['quote'] }], any: [], not: [] }

/** Rules in order, the first that fits says hot, warm or nurture. */
export function ScoreBuckets({ scoring, trial, newId, onChange }: Props) {
  const { buckets } = scoring
  const save = (next: BucketRule[]) => onChange({ ...scoring, buckets: next })
  const change = (rule: BucketRule) => save(buckets.map((it) => (it.id === rule.id ? rule : it)))
  const move = (index: number, by: -1 | 1) => {
    const next = [...buckets]
    const [rule] = next.splice(index, 1)
    if (rule) next.splice(Math.max(0, index + by), 0, rule)
    save(next)
  }
  return (
    <div className={shared.box}>
      <h3 className={shared.boxTitle}>The first rule that fits decides</h3>
      <ol className={styles.rules}>
        {buckets.map((rule, index) => (
          <ScoreRuleRow
            key={rule.id}
            rule={rule}
            trial={trial}
            onChange={change}
            onRemove={() => save(buckets.filter((it) => it.id !== rule.id))}
            onMove={(by) => move(index, by)}
            worth={
              <NativeSelect
                w={104}
                aria-label={`“${rule.label}” makes a lead`}
                data={tierChoices}
                value={rule.tier}
                onChange={(event) => change({ ...rule, tier: event.currentTarget.value as BucketRule['tier'] })}
              />
            }
          />
        ))}
      </ol>
      <p className={shared.dim}>Everybody else: nurture.</p>
      <AddRule
        to="Three buckets"
        onAdd={() => save([...buckets, { id: newId(), label: 'New rule', tier: 'warm', when: asks }])}
      />
    </div>
  )
}

const mostQuestions = 5

/** A few questions: all yes is qualified, one no is disqualified. */
export function ScoreQuestions({ scoring, trial, newId, onChange }: Props) {
  const { questions } = scoring
  const save = (next: QuestionRule[]) => onChange({ ...scoring, questions: next })
  return (
    <div className={shared.box}>
      <h3 className={shared.boxTitle}>All yes is qualified, one no is disqualified</h3>
      <ul className={styles.rules}>
        {questions.map((rule) => (
          <ScoreRuleRow
            key={rule.id}
            rule={rule}
            trial={trial}
            onChange={(next) => save(questions.map((it) => (it.id === next.id ? next : it)))}
            onRemove={() => save(questions.filter((it) => it.id !== rule.id))}
            worth={null}
          />
        ))}
      </ul>
      <p className={shared.dim}>
        What they did not say yet is neither: such leads are warm, and their card says what is left to ask.
      </p>
      {questions.length < mostQuestions && (
        <AddRule
          to="Questions"
          onAdd={() => save([...questions, { id: newId(), label: 'New question', when: asks }])}
        />
      )}
    </div>
  )
}
