import { NativeSelect, Skeleton, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { OutcomeChoices, OutcomeRule } from '../../src/convert/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import styles from './predict.module.css'
import { SaveBar, useSave } from './save-bar.tsx'
import score from './score.module.css'
import { AddRule } from './score-points.tsx'
import { ScoreRuleRow } from './score-rule-row.tsx'

/** What can be said of how a lead ended: reasons, money, and rules that say it by themselves. */
export function OutcomeChoicesBox() {
  const choices = useEngine('convert.choices', {}).data
  if (!choices) return <Skeleton height={200} aria-label="The reasons are being fetched" />
  // What was typed stays until it is saved; what comes back from the engine begins anew.
  return <Form key={JSON.stringify(choices)} saved={choices} />
}

function Form({ saved }: { readonly saved: OutcomeChoices }) {
  const [lost, setLost] = useState(saved.lostReasons.join('\n'))
  const [disqualified, setDisqualified] = useState(saved.disqualifiedReasons.join('\n'))
  const [currency, setCurrency] = useState(saved.currency)
  const [rules, setRules] = useState<readonly OutcomeRule[]>(saved.rules)
  const { busy, problem, save } = useSave()
  const next: OutcomeChoices = {
    currency: currency.trim().toUpperCase(),
    lostReasons: linesOf(lost),
    disqualifiedReasons: linesOf(disqualified),
    rules: [...rules],
  }
  const reset = () => {
    setLost(saved.lostReasons.join('\n'))
    setDisqualified(saved.disqualifiedReasons.join('\n'))
    setCurrency(saved.currency)
    setRules(saved.rules)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save(
      () => call('convert.saveChoices', next),
      () => 'Saved',
    )
  }
  const change = (rule: OutcomeRule) => setRules(rules.map((it) => (it.id === rule.id ? rule : it)))
  return (
    <form className={styles.card} aria-label="How leads end" onSubmit={submit}>
      <h3>How leads end</h3>
      <div className={styles.reasons}>
        <Reasons label="Why leads are lost" value={lost} onChange={setLost} />
        <Reasons label="Why leads are not for you" value={disqualified} onChange={setDisqualified} />
        <TextInput
          label="Currency"
          description="Of what you win"
          maxLength={3}
          value={currency}
          onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
        />
      </div>
      <h3>Marked by themselves</h3>
      <p className={styles.dim}>
        Leads that fit a rule are marked once. “Do not call” and a wrong number nobody can be reached by need no rule.
      </p>
      <ul className={score.rules}>
        {rules.map((rule) => (
          <ScoreRuleRow
            key={rule.id}
            rule={rule}
            trial={undefined}
            onChange={change}
            onRemove={() => setRules(rules.filter((it) => it.id !== rule.id))}
            worth={
              <NativeSelect
                w={140}
                aria-label={`“${rule.label}” makes a lead`}
                data={[
                  { value: 'qualified', label: 'Qualified' },
                  { value: 'disqualified', label: 'Disqualified' },
                ]}
                value={rule.outcome}
                onChange={(event) => change({ ...rule, outcome: event.currentTarget.value as OutcomeRule['outcome'] })}
              />
            }
          />
        ))}
      </ul>
      <AddRule to="Marked by themselves" onAdd={() => setRules([...rules, newRule()])} />
      <SaveBar busy={busy} problem={problem} dirty={JSON.stringify(next) !== JSON.stringify(saved)} onReset={reset} />
    </form>
  )
}

type ReasonsProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }

function Reasons({ label, value, onChange }: ReasonsProps) {
  return (
    <Textarea
      label={label}
      description="One a line"
      dir="auto"
      autosize
      minRows={4}
      maxRows={12}
      maxLength={5000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

const linesOf = (text: string) => [...new Set(text.split('\n').map((it) => it.trim()))].filter((it) => it !== '')

const newRule = (): OutcomeRule => ({
  id: crypto.randomUUID(),
  label: 'New rule',
  outcome: 'disqualified',
  when: { all: [{ kind: 'text', anyOf: ['job application'] }], any: [], not: [] },
})
