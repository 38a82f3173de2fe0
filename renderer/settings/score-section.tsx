import { ActionIcon, NumberInput, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconTrash } from '@tabler/icons-react'
import type { ScoreRule } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { plural } from '../ui/time-format.ts'
import { ruleMeaning } from './rule-meaning.ts'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'

/** What makes a lead worth more. Points add up between 0 and 100. */
export function ScoreSection({ rules }: { readonly rules: readonly ScoreRule[] }) {
  const { busy, problem, save } = useSave()
  const form = useForm({ initialValues: { rules: [...rules] } })
  const submit = form.onSubmit(({ rules: next }) => {
    void save(
      () => call('settings.saveScoreRules', { rules: next }),
      ({ rescored }) => `Saved. ${plural(rescored, 'lead')} scored again.`,
    ).then((done) => done && form.resetDirty())
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className={styles.lead}>Points add up and stay between 0 and 100. Minus points take away.</p>
        <div className={styles.box}>
          {form.values.rules.map((rule, index) => (
            <RuleRow
              key={rule.id}
              rule={rule}
              onChange={(next) => form.setFieldValue(`rules.${index}`, next)}
              onRemove={() => form.removeListItem('rules', index)}
            />
          ))}
          {form.values.rules.length === 0 && <p className={styles.dim}>No rule: every lead has a score of 0.</p>}
        </div>
        <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
      </Stack>
    </form>
  )
}

type RowProps = {
  readonly rule: ScoreRule
  readonly onChange: (rule: ScoreRule) => void
  readonly onRemove: () => void
}

function RuleRow({ rule, onChange, onRemove }: RowProps) {
  const { when } = rule
  return (
    <div className={styles.row} style={{ alignItems: 'flex-start' }}>
      <NumberInput
        w={84}
        min={-100}
        max={100}
        aria-label={`Points for “${rule.label}”`}
        value={rule.points}
        onChange={(points) => onChange({ ...rule, points: Number(points) || 0 })}
      />
      <Stack gap={4} className={styles.grow ?? ''}>
        <TextInput
          aria-label="What the rule is called"
          dir="auto"
          maxLength={120}
          value={rule.label}
          error={rule.label.trim() === '' ? 'It needs a name; people see it beside the points.' : null}
          onChange={(event) => onChange({ ...rule, label: event.currentTarget.value })}
        />
        <span className={styles.dim}>{ruleMeaning(when)}</span>
        {when.kind === 'text' && (
          <TagsInput
            aria-label={`Words of “${rule.label}”`}
            placeholder="Type a word and press Enter"
            value={when.anyOf}
            onChange={(anyOf) => anyOf.length > 0 && onChange({ ...rule, when: { ...when, anyOf } })}
          />
        )}
        {when.kind === 'budget' && (
          <NumberInput
            w={150}
            thousandSeparator=","
            min={0}
            aria-label={`Least budget of “${rule.label}”`}
            value={when.atLeast}
            onChange={(atLeast) => onChange({ ...rule, when: { ...when, atLeast: Number(atLeast) || 0 } })}
          />
        )}
        {when.kind === 'timelineDays' && (
          <NumberInput
            w={150}
            min={0}
            suffix=" days"
            aria-label={`Days of “${rule.label}”`}
            value={when.atMost}
            onChange={(atMost) => onChange({ ...rule, when: { ...when, atMost: Number(atMost) || 0 } })}
          />
        )}
      </Stack>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove “${rule.label}”`} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </div>
  )
}
