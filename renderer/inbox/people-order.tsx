import { SegmentedControl, TextInput } from '@mantine/core'
import { IconArrowBarToDown } from '@tabler/icons-react'
import { byName, type ListName, nameIn } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'

const longest = 40

/** Everybody: what is due first, or by name, from whatever is typed on. */
export function PeopleOrder({ view }: { readonly view: ListName }) {
  const { act } = useWindow()
  const from = nameIn(view)
  const go = (next: ListName) => act({ do: 'go', page: { kind: 'leads', view: next } })
  return (
    <>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Order of people"
        data={[
          { value: 'all', label: 'Due first' },
          { value: byName, label: 'A–Z' },
        ]}
        value={from === null ? 'all' : byName}
        onChange={(value) => go(value as ListName)}
      />
      {from !== null && (
        <TextInput
          size="xs"
          aria-label="Jump to a name"
          placeholder="Jump to a letter or a name"
          leftSection={<IconArrowBarToDown size={14} aria-hidden="true" />}
          value={from}
          maxLength={longest}
          onChange={(event) => go(`${byName}${event.currentTarget.value}`)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            document.querySelector<HTMLElement>('[data-lead-list]')?.focus()
          }}
        />
      )}
    </>
  )
}
