import { NativeSelect, NumberInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ScoreGroup, ScoreRule, Scoring, Trial } from '../../src/score/contract.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import styles from './score.module.css'
import { ScoreRuleRow } from './score-rule-row.tsx'
import shared from './settings.module.css'

type Props = {
  readonly scoring: Scoring
  readonly trial: Trial | undefined
  readonly newId: () => string
  readonly onChange: (scoring: Scoring) => void
}

/** Rules with points, group by group. */
export function ScorePoints({ scoring, trial, newId, onChange }: Props) {
  const rulesOf = (group: string | null) => scoring.rules.filter((it) => it.group === group)
  const change = (rule: ScoreRule) =>
    onChange({ ...scoring, rules: scoring.rules.map((it) => (it.id === rule.id ? rule : it)) })
  const remove = (id: string) => onChange({ ...scoring, rules: scoring.rules.filter((it) => it.id !== id) })
  const add = (group: ScoreGroup | null) => onChange({ ...scoring, rules: [...scoring.rules, newRule(newId(), group)] })
  const rowOf = (rule: ScoreRule) => (
    <ScoreRuleRow
      key={rule.id}
      rule={rule}
      trial={trial}
      onChange={change}
      onRemove={() => remove(rule.id)}
      worth={
        <WholeNumber
          w={74}
          min={-100}
          max={100}
          aria-label={`Points for “${rule.label}”`}
          value={rule.points}
          onChange={(points) => change({ ...rule, points })}
        />
      }
      more={<RuleNumbers rule={rule} groups={scoring.groups} onChange={change} />}
    />
  )
  return (
    <>
      {scoring.groups.map((group) => (
        <div key={group.id} className={shared.box}>
          <div className={styles.groupHead}>
            <h3 dir="auto">{group.label}</h3>
            <span className={styles.axis}>
              {group.axis === 'fit' ? 'Fit: always counts' : 'Engagement: fades with time'}
            </span>
            <WholeNumber
              w={150}
              size="xs"
              min={0}
              max={100}
              prefix="counts "
              suffix=" at most"
              aria-label={`The most points of “${group.label}”`}
              value={group.cap}
              onChange={(cap) =>
                onChange({
                  ...scoring,
                  groups: scoring.groups.map((it) => (it.id === group.id ? { ...it, cap } : it)),
                })
              }
            />
          </div>
          <ul className={styles.rules}>{rulesOf(group.id).map(rowOf)}</ul>
          <AddRule to={group.label} onAdd={() => add(group)} />
        </div>
      ))}
      <div className={shared.box}>
        <div className={styles.groupHead}>
          <h3>Above everything</h3>
          <span className={styles.axis}>Outside of all caps</span>
        </div>
        <ul className={styles.rules}>{rulesOf(null).map(rowOf)}</ul>
        <AddRule to="Above everything" onAdd={() => add(null)} />
      </div>
    </>
  )
}

type NumbersProps = {
  readonly rule: ScoreRule
  readonly groups: readonly ScoreGroup[]
  readonly onChange: (rule: ScoreRule) => void
}

function RuleNumbers({ rule, groups, onChange }: NumbersProps) {
  const ages = groups.find((it) => it.id === rule.group)?.axis === 'engagement'
  return (
    <div className={styles.numbers}>
      <NativeSelect
        label="Group"
        data={[...groups.map((it) => ({ value: it.id, label: it.label })), { value: '', label: 'Above everything' }]}
        value={rule.group ?? ''}
        onChange={(event) => {
          const group = event.currentTarget.value || null
          const next = groups.find((it) => it.id === group)
          onChange({ ...rule, group, halfLifeDays: next?.axis === 'engagement' ? (rule.halfLifeDays ?? usual) : null })
        }}
      />
      <WholeNumber
        label="Counts at most"
        suffix={rule.times === 1 ? ' time' : ' times'}
        min={1}
        max={20}
        value={rule.times}
        onChange={(times) => onChange({ ...rule, times })}
      />
      {ages && (
        <Days
          label="Half is gone after"
          none="never"
          days={rule.halfLifeDays}
          onChange={(halfLifeDays) => onChange({ ...rule, halfLifeDays })}
        />
      )}
      <Days
        label="Only of the last"
        none="ever"
        days={rule.withinDays}
        onChange={(withinDays) => onChange({ ...rule, withinDays })}
      />
      <NumberInput
        label="Never above"
        placeholder="no limit"
        suffix=" points in all"
        min={0}
        max={100}
        allowDecimal={false}
        value={rule.ceiling ?? ''}
        onChange={(value) => onChange({ ...rule, ceiling: optional(value) })}
      />
    </div>
  )
}

type DaysProps = {
  readonly label: string
  /** What an empty field means. */
  readonly none: string
  readonly days: number | null
  readonly onChange: (days: number | null) => void
}

function Days({ label, none, days, onChange }: DaysProps) {
  return (
    <NumberInput
      label={label}
      placeholder={none}
      suffix=" days"
      min={1}
      max={3650}
      allowDecimal={false}
      value={days ?? ''}
      onChange={(value) => onChange(optional(value) || null)}
    />
  )
}

export function AddRule({ to, onAdd }: { readonly to: string; readonly onAdd: () => void }) {
  return (
    <button type="button" className={styles.add} aria-label={`Add a rule to “${to}”`} onClick={onAdd}>
      <IconPlus size={15} aria-hidden="true" /> Rule
    </button>
  )
}

// The guides' fortnight.
const usual = 14

const newRule = (id: string, group: ScoreGroup | null): ScoreRule => ({
  id,
  label: 'New rule',
  group: group?.id ?? null,
  points: 10,
  when: { all: [{ kind: 'text', anyOf: ['quote'] }], any: [], not: [] },
  times: 1,
  halfLifeDays: group?.axis === 'engagement' ? usual : null,
  withinDays: null,
  ceiling: null,
})

const optional = (value: number | string) => (value === '' ? null : Math.max(0, Number(value) || 0))
