import { ActionIcon, Menu, NativeSelect } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Condition, Conditions } from '../../src/score/contract.ts'
import styles from './score.module.css'
import { ConditionFields } from './score-condition-fields.tsx'
import { blankCondition, type ConditionKind, conditionMenu } from './score-condition-kinds.ts'

type Need = keyof Conditions
const needs: Readonly<Record<Need, string>> = { all: 'must hold', any: 'one of these', not: 'must not hold' }

type Props = {
  /** Of the rule, for accessible names. */
  readonly of: string
  readonly when: Conditions
  readonly onChange: (when: Conditions) => void
}

/** When a rule counts: what must hold, what of some, and what must not. The last condition cannot be taken away. */
export function ConditionList({ of, when, onChange }: Props) {
  const rows = (['all', 'any', 'not'] as const).flatMap((need) =>
    when[need].map((condition, index) => ({ need, condition, index })),
  )
  const without = (need: Need, index: number) => when[need].filter((_, at) => at !== index)
  return (
    <fieldset className={styles.conditions}>
      <legend>Counts when</legend>
      {rows.map(({ need, condition, index }) => (
        <div key={`${need}-${index}-${condition.kind}`} className={styles.condition}>
          <NativeSelect
            w={136}
            aria-label={`${of}: whether condition must hold`}
            data={Object.entries(needs).map(([value, label]) => ({ value, label }))}
            value={need}
            onChange={(event) => {
              const next = event.currentTarget.value as Need
              if (next !== need) onChange({ ...when, [need]: without(need, index), [next]: [...when[next], condition] })
            }}
          />
          <span className={styles.kind}>{nameOf(condition.kind)}</span>
          <span className={styles.fields}>
            <ConditionFields
              condition={condition}
              onChange={(next) => onChange({ ...when, [need]: when[need].map((it, at) => (at === index ? next : it)) })}
            />
          </span>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${of}: remove “${nameOf(condition.kind)}”`}
            disabled={rows.length === 1}
            onClick={() => onChange({ ...when, [need]: without(need, index) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <AddCondition of={of} onAdd={(condition) => onChange({ ...when, all: [...when.all, condition] })} />
    </fieldset>
  )
}

function AddCondition({ of, onAdd }: { readonly of: string; readonly onAdd: (condition: Condition) => void }) {
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <button type="button" className={styles.add} aria-label={`${of}: add a condition`}>
          <IconPlus size={15} aria-hidden="true" /> Condition
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {conditionMenu.map(({ group, kinds }) => [
          <Menu.Label key={group}>{group}</Menu.Label>,
          ...Object.entries(kinds).map(([kind, name]) => (
            <Menu.Item key={kind} onClick={() => onAdd(blankCondition(kind as ConditionKind))}>
              {name}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}

const nameOf = (kind: ConditionKind) => conditionMenu.map((it) => it.kinds[kind]).find((it) => it !== undefined) ?? kind
