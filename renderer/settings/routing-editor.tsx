import { ActionIcon, Select, Stack, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Member, RouteRule } from '../../src/settings/contract.ts'
import own from './routing.module.css'
import { RoutingCondition } from './routing-condition.tsx'
import { RoutingGive } from './routing-give.tsx'
import { type Condition, conditionNames, conditionsOf, givingNames, newGive } from './routing-words.ts'
import styles from './settings.module.css'

type Props = {
  readonly rule: RouteRule
  /** It takes whatever is left, so it asks nothing. */
  readonly isLast: boolean
  readonly members: readonly Member[]
  readonly onChange: (rule: RouteRule) => void
}

/** The fields of one rule. */
export function RoutingEditor({ rule, isLast, members, onChange }: Props) {
  // Chosen, and nothing filled in yet.
  const [begun, setBegun] = useState<readonly Condition[]>([])
  const filled = conditionsOf(rule.when)
  const shown = (Object.keys(conditionNames) as Condition[]).filter((it) => filled.includes(it) || begun.includes(it))
  const left = (Object.keys(conditionNames) as Condition[]).filter((it) => !shown.includes(it))
  return (
    <Stack gap="sm" className={own.ruleFields ?? ''}>
      <TextInput
        label="Name"
        dir="auto"
        maxLength={100}
        value={rule.name}
        error={rule.name.trim() === '' ? 'Give it a name: people see it beside each lead.' : null}
        onChange={(event) => onChange({ ...rule, name: event.currentTarget.value })}
      />
      {shown.map((it) => (
        <div key={it} className={own.conditionField}>
          <div className={styles.grow}>
            <RoutingCondition
              condition={it}
              when={rule.when}
              onChange={(when) => {
                setBegun([...begun, it])
                onChange({ ...rule, when })
              }}
            />
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Do not ask for: ${conditionNames[it]}`}
            onClick={() => {
              setBegun(begun.filter((other) => other !== it))
              onChange({ ...rule, when: { ...rule.when, [it]: [] } })
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      {left.length > 0 && (!isLast || shown.length > 0) && (
        <Select
          aria-label="Add a condition"
          placeholder={shown.length === 0 ? 'Only for leads …' : 'And …'}
          w={240}
          value={null}
          data={left.map((value) => ({ value, label: conditionNames[value] }))}
          onChange={(value) => value && setBegun([...begun, value as Condition])}
        />
      )}
      {isLast && shown.length === 0 && (
        <p className={styles.dim}>The last rule takes every lead that no other rule takes, so it has no conditions.</p>
      )}
      <Select
        label="Give them"
        allowDeselect={false}
        value={rule.give.how}
        data={Object.entries(givingNames).map(([value, label]) => ({ value, label }))}
        onChange={(how) => how && onChange({ ...rule, give: newGive(how as RouteRule['give']['how'], members) })}
      />
      <RoutingGive give={rule.give} members={members} onChange={(give) => onChange({ ...rule, give })} />
    </Stack>
  )
}
