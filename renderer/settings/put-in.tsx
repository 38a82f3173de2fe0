import { Button, Group } from '@mantine/core'
import type { RefObject } from 'react'
import styles from './settings.module.css'
import { insertion, type TemplateVariable } from './template-variables.ts'

type Props = {
  readonly label: string
  readonly variables: readonly TemplateVariable[]
  readonly field: RefObject<HTMLTextAreaElement | null>
  /** The words of the field. */
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Chips for what a template may use: each goes where the cursor is, in place of what is selected. */
export function PutIn({ label, variables, field, value, onChange }: Props) {
  const insert = (name: string) => {
    const text = insertion(name)
    const start = field.current?.selectionStart ?? value.length
    const end = field.current?.selectionEnd ?? start
    onChange(value.slice(0, start) + text + value.slice(end))
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(start + text.length, start + text.length)
    })
  }
  return (
    <Group gap={6} role="group" aria-label={label}>
      <span className={styles.dim}>Put in:</span>
      {variables.map((it) => (
        <Button key={it.name} size="compact-xs" variant="light" radius="xl" onClick={() => insert(it.name)}>
          {it.label}
        </Button>
      ))}
    </Group>
  )
}
