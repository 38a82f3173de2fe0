import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { FormSettings } from '../../src/channels/contract.ts'
import styles from './setup-form.module.css'

export type Target = FormSettings['mapping'][string]
export type MappingRow = { readonly key: string; readonly theirs: string; readonly ours: Target }

const targets: Readonly<Record<Target, string>> = {
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  company: 'Company',
  message: 'Message',
  budget: 'Budget',
  postcode: 'Postcode',
  timeline: 'When to start',
  source: 'How they found us',
}
const choices = Object.entries(targets).map(([value, label]) => ({ value, label }))
const isTarget = (value: string | null): value is Target => value !== null && Object.hasOwn(targets, value)

export function rowsOf(mapping: FormSettings['mapping']): readonly MappingRow[] {
  return Object.entries(mapping).map(([theirs, ours], index) => ({ key: `kept-${index}`, theirs, ours }))
}

export function mappingOf(rows: readonly MappingRow[]): FormSettings['mapping'] {
  return Object.fromEntries(rows.flatMap(({ theirs, ours }) => (theirs.trim() === '' ? [] : [[theirs.trim(), ours]])))
}

type Props = { readonly rows: readonly MappingRow[]; readonly onChange: (rows: readonly MappingRow[]) => void }

/** For forms whose fields have odd names: what each of them is. */
export function MappingFields({ rows, onChange }: Props) {
  const change = (key: string, part: Partial<MappingRow>) =>
    onChange(rows.map((it) => (it.key === key ? { ...it, ...part } : it)))
  const newest = Math.max(0, ...rows.map((it) => Number(it.key.split('-')[1])))
  return (
    <>
      <p className={styles.note}>
        Usual names like email, phone or message are understood without this. Fields that are not named here are kept
        under their own name.
      </p>
      {rows.map(({ key, theirs, ours }) => (
        <div key={key} className={styles.mapping}>
          <TextInput
            aria-label="Field name in the form"
            placeholder="for instance field_7"
            spellCheck={false}
            maxLength={200}
            value={theirs}
            onChange={(event) => change(key, { theirs: event.currentTarget.value })}
          />
          <span>is</span>
          <Select
            aria-label={`What ${theirs || 'this field'} is`}
            w={170}
            data={choices}
            allowDeselect={false}
            value={ours}
            onChange={(value) => isTarget(value) && change(key, { ours: value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${theirs || 'this field'}`}
            onClick={() => onChange(rows.filter((it) => it.key !== key))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...rows, { key: `new-${newest + 1}`, theirs: '', ours: 'message' }])}
        >
          Name a field
        </Button>
      </div>
    </>
  )
}
