import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Picker } from '../ui/picker.tsx'
import styles from './imports.module.css'

export type KnownPerson = { readonly personId: number; readonly name: string }

type Props = {
  readonly label: string
  readonly value: KnownPerson | null
  readonly onChange: (person: KnownPerson | null) => void
  /** Somebody who is not found can be made, from what was typed. */
  readonly onNew?: (typed: string) => void
  readonly error?: string | null
  readonly takeFocus?: boolean
  /** Offered before anything is typed: who is on the screen. */
  readonly suggestion?: KnownPerson | null
}

const most = 5
const newKey = 'new'

/** Somebody who is there already: found by name, address or number. Enter takes the first. */
export function PersonField({
  label,
  value,
  onChange,
  onNew,
  error = null,
  takeFocus = false,
  suggestion = null,
}: Props) {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 120)
  const searching = value === null && asked.length > 1
  const found = useEngine('people.find', { text: asked, limit: most }, { enabled: searching, keepPrevious: true })
  if (value !== null) {
    return (
      <fieldset className={styles.plain}>
        <legend className={styles.legend}>{label}</legend>
        <div className={styles.picked}>
          <Avatar name={value.name} size={26} />
          <b className={styles.pickedName} dir="auto">
            {value.name}
          </b>
          <Button size="compact-sm" variant="default" onClick={() => onChange(null)}>
            Somebody else
          </Button>
        </div>
      </fieldset>
    )
  }
  const people = searching ? (found.data?.people ?? []) : []
  const offered = text.trim() === '' ? suggestion : null
  const items = offered
    ? [{ key: String(offered.personId), label: offered.name, hint: '', left: <Avatar name={offered.name} size={26} /> }]
    : people.map((it) => ({
        key: String(it.personId),
        label: it.company ? `${it.name} · ${it.company}` : it.name,
        hint: it.handles[0]?.display ?? '',
        left: <Avatar name={it.name} size={26} />,
      }))
  const canAdd = onNew !== undefined && text.trim() !== ''
  const pick = (key: string) => {
    if (key === newKey) {
      onNew?.(text)
      return
    }
    const person = offered ?? people.find((it) => String(it.personId) === key)
    if (person) onChange({ personId: person.personId, name: person.name })
  }
  // What is listed may still be the answer to fewer letters.
  const isCurrent = asked === text.trim() && !found.isPlaceholderData && !found.isFetching
  return (
    <div>
      <TextInput
        label={label}
        {...(takeFocus ? { 'data-autofocus': true } : {})}
        placeholder="Name, address or number"
        leftSection={<IconSearch size={16} />}
        dir="auto"
        maxLength={200}
        value={text}
        error={error}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = items[0]
          const isNew = first === undefined && canAdd && isCurrent
          // Tab goes on to the next field, as in any form: it must not stop at the only choice there is.
          if (event.key !== 'Enter' && !(event.key === 'Tab' && !event.shiftKey && isNew)) return
          event.preventDefault()
          if (first) pick(first.key)
          else if (isNew) pick(newKey)
        }}
      />
      {(items.length > 0 || canAdd) && (
        <Picker
          label="People found"
          takeFocus={false}
          digits={[]}
          items={canAdd ? [...items, { key: newKey, label: `Somebody new: ${text.trim()}` }] : items}
          onPick={pick}
        />
      )}
      {searching && onNew === undefined && found.data && items.length === 0 && (
        <p className={styles.small}>Nobody of that name. Leave it empty, or add them first.</p>
      )}
    </div>
  )
}
