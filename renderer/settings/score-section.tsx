import { Button, Collapse, SegmentedControl, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPackage } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { type Scoring, scoring as scoringSchema, type Tiers } from '../../src/score/contract.ts'
import type { Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { plural } from '../ui/time-format.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './score.module.css'
import { ScorePoints } from './score-points.tsx'
import { ScoreBuckets, ScoreQuestions } from './score-simple.tsx'
import { ScoreTrial, trialWords } from './score-trial.tsx'
import shared from './settings.module.css'

type Props = Pick<Settings, 'scoring' | 'tiers' | 'scoreShown'>
type Draft = { readonly scoring: Scoring; readonly tiers: Tiers }

const modes: Readonly<Record<Scoring['mode'], { readonly name: string; readonly says: string }>> = {
  qualify: {
    name: 'A few questions',
    says: 'Two or three questions make a lead qualified or not. Good for the start.',
  },
  buckets: { name: 'Three buckets', says: 'Rules say directly who is hot, warm or nurture. No numbers.' },
  points: { name: 'Points', says: 'Rules give points between 0 and 100. Worth it from about 50 leads a week.' },
}

// Typing a number should not ask the engine at every digit.
const restMs = 350

/** What makes a lead worth more, and who of the last leads would move. */
export function ScoreSection({ scoring, tiers, scoreShown }: Props) {
  const { busy, problem, save } = useSave()
  const [draft, setDraft] = useState<Draft>({ scoring, tiers })
  const [packs, setPacks] = useState(false)
  const [rested] = useDebouncedValue(draft, restMs)
  const unfinished = problemOf(draft)
  const trial = useEngine('score.tryRules', rested, { enabled: problemOf(rested) === null, keepPrevious: true })
  const dirty = JSON.stringify(draft) !== JSON.stringify({ scoring, tiers })
  const change = (next: Scoring) => setDraft({ ...draft, scoring: next })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save(
      () => call('score.save', draft),
      ({ rescored, changed }) => `Saved. ${plural(rescored, 'lead')} scored again, ${changed} moved.`,
    )
  }
  const { mode } = draft.scoring
  const editor = { scoring: draft.scoring, trial: trial.data, newId, onChange: change }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <SegmentedControl
            aria-label="How leads are judged"
            data={Object.entries(modes).map(([value, { name }]) => ({ value, label: name }))}
            value={mode}
            onChange={(next) => change({ ...draft.scoring, mode: next as Scoring['mode'] })}
          />
          <p className={shared.dim}>{modes[mode].says}</p>
        </div>
        <div>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconPackage size={16} />}
            aria-expanded={packs}
            onClick={() => setPacks(!packs)}
          >
            Start from rules for your trade
          </Button>
          <Collapse expanded={packs}>
            {packs && (
              <Packs
                onChoose={(pack) => {
                  setPacks(false)
                  change({ ...pack, mode, number: draft.scoring.number })
                }}
              />
            )}
          </Collapse>
        </div>
        <div className={styles.columns}>
          <div className={styles.editor}>
            {mode === 'points' && <ScorePoints {...editor} />}
            {mode === 'buckets' && <ScoreBuckets {...editor} />}
            {mode === 'qualify' && <ScoreQuestions {...editor} />}
            {mode === 'points' && <Scale draft={draft} leadsLastWeek={scoreShown.leadsLastWeek} onChange={setDraft} />}
          </div>
          <ScoreTrial
            trial={trial.data}
            busy={trial.isFetching}
            error={trial.error}
            unfinished={unfinished}
            showNumber={draft.scoring.number !== 'hide'}
          />
        </div>
        <div className={styles.save} data-dirty={dirty || undefined}>
          <SaveBar
            busy={busy}
            problem={problem}
            dirty={dirty && unfinished === null}
            onReset={() => setDraft({ scoring, tiers })}
          />
          {dirty && <span className={shared.dim}>{unfinished ?? (trial.data && trialWords(trial.data))}</span>}
        </div>
      </Stack>
    </form>
  )
}

const newId = () => `rule-${crypto.randomUUID()}`

/** What is missing before it can be tried or saved, in words. */
function problemOf({ scoring, tiers }: Draft): string | null {
  if (tiers.warmFrom >= tiers.hotFrom) return 'Hot must start above warm.'
  const parsed = scoringSchema.safeParse(scoring)
  if (parsed.success) return null
  const { mode, rules, buckets, questions } = scoring
  const list = { rules, buckets, questions }
  const [issue] = parsed.error.issues
  const [part, index] = issue?.path ?? []
  const rule = typeof index === 'number' && part && part in list ? list[part as keyof typeof list][index] : undefined
  if (!rule) return issue?.message ?? `These rules are not complete (${mode}).`
  return `“${rule.label || 'A rule without a name'}” is not complete yet.`
}

function Packs({ onChoose }: { readonly onChoose: (scoring: Scoring) => void }) {
  const { data } = useEngine('score.packs', {})
  return (
    <div className={styles.packs} style={{ marginTop: 10 }}>
      {data?.packs.map((it) => (
        <button
          key={it.id}
          type="button"
          className={styles.pack}
          onClick={() => onChoose(scoringSchema.parse(it.scoring))}
        >
          <b>{it.name}</b>
          <span>{it.about}</span>
        </button>
      ))}
    </div>
  )
}

type ScaleProps = {
  readonly draft: Draft
  readonly leadsLastWeek: number
  readonly onChange: (draft: Draft) => void
}

/** Where hot begins, where A begins, and whether people see the number. */
function Scale({ draft, leadsLastWeek, onChange }: ScaleProps) {
  const { scoring, tiers } = draft
  const grades = scoring.grades
  const cut = (key: keyof typeof grades, label: string) => (
    <WholeNumber
      label={label}
      min={1}
      max={100}
      value={grades[key]}
      onChange={(value) => onChange({ ...draft, scoring: { ...scoring, grades: { ...grades, [key]: value } } })}
    />
  )
  return (
    <div className={shared.box}>
      <h3 className={shared.boxTitle}>The scale</h3>
      <div className={styles.numbers}>
        <WholeNumber
          label="Hot from"
          min={1}
          max={100}
          value={tiers.hotFrom}
          onChange={(hotFrom) => onChange({ ...draft, tiers: { ...tiers, hotFrom } })}
        />
        <WholeNumber
          label="Warm from"
          min={0}
          max={99}
          value={tiers.warmFrom}
          onChange={(warmFrom) => onChange({ ...draft, tiers: { ...tiers, warmFrom } })}
        />
        {cut('a', 'A from a fit of')}
        {cut('b', 'B from a fit of')}
        {cut('one', 'Grade 1 from so many points for what they do')}
        {cut('two', 'Grade 2 from so many points for what they do')}
      </div>
      <div style={{ marginTop: 12 }}>
        <SegmentedControl
          aria-label="Whether people see the number"
          data={[
            { value: 'auto', label: 'By how many leads come' },
            { value: 'show', label: 'Show the number' },
            { value: 'hide', label: 'Hide the number' },
          ]}
          value={scoring.number}
          onChange={(number) => onChange({ ...draft, scoring: { ...scoring, number: number as Scoring['number'] } })}
        />
        <p className={shared.dim}>
          Below 50 leads a week three buckets tell as much as a number. You had {plural(leadsLastWeek, 'lead')} in the
          last seven days.
        </p>
      </div>
    </div>
  )
}
