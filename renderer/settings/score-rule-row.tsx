import { ActionIcon, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconPencil, IconTrash } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Conditions, Trial } from '../../src/score/contract.ts'
import { whenWords } from './rule-meaning.ts'
import styles from './score.module.css'
import { ConditionList } from './score-conditions.tsx'

type Named = { readonly id: string; readonly label: string; readonly when: Conditions }

type Props<R extends Named> = {
  readonly rule: R
  /** Points, tier or nothing. */
  readonly worth: ReactNode
  /** More to set, below its conditions. */
  readonly more?: ReactNode
  readonly trial: Trial | undefined
  readonly onChange: (rule: R) => void
  readonly onRemove: () => void
  /** Where the order counts. */
  readonly onMove?: (by: -1 | 1) => void
}

/** A rule in one line, and everything about it when it is opened. */
export function ScoreRuleRow<R extends Named>({ rule, worth, more, trial, onChange, onRemove, onMove }: Props<R>) {
  const [open, setOpen] = useState(false)
  const fired = trial?.fired.find((it) => it.rule === rule.id)
  const warning = trial?.warnings.find((it) => it.rule === rule.id)
  return (
    <li className={styles.rule}>
      <div className={styles.head}>
        {worth}
        <UnstyledButton className={styles.says ?? ''} aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className={styles.label} dir="auto">
            {rule.label || 'No name yet'}
          </span>
          <span className={styles.meaning} dir="auto">
            {whenWords(rule.when)}
          </span>
          {warning && <span className={styles.warning}>{warning.text}</span>}
        </UnstyledButton>
        {fired && trial && trial.looked > 0 && (
          <span className={styles.fired} title={`Fits ${fired.leads} of the last ${trial.looked} leads`}>
            {fired.leads} of {trial.looked}
          </span>
        )}
        <span className={styles.tools}>
          {onMove && (
            <>
              <Tool label={`Move “${rule.label}” up`} onClick={() => onMove(-1)} icon={<IconChevronUp size={16} />} />
              <Tool
                label={`Move “${rule.label}” down`}
                onClick={() => onMove(1)}
                icon={<IconChevronDown size={16} />}
              />
            </>
          )}
          <Tool label={`Edit “${rule.label}”`} onClick={() => setOpen(!open)} icon={<IconPencil size={16} />} />
          <Tool label={`Remove “${rule.label}”`} onClick={onRemove} icon={<IconTrash size={16} />} />
        </span>
      </div>
      {open && (
        <div className={styles.body}>
          <TextInput
            label="Name"
            description="People see it beside the score."
            dir="auto"
            maxLength={120}
            value={rule.label}
            error={rule.label.trim() === '' ? 'It needs a name.' : null}
            onChange={(event) => onChange({ ...rule, label: event.currentTarget.value })}
          />
          <ConditionList of={rule.label} when={rule.when} onChange={(when) => onChange({ ...rule, when })} />
          {more}
        </div>
      )}
    </li>
  )
}

type ToolProps = { readonly label: string; readonly icon: ReactNode; readonly onClick: () => void }

function Tool({ label, icon, onClick }: ToolProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  )
}
