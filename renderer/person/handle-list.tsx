import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconMail, IconMessages, IconPhone, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { CardHandle, PersonCard } from '../../src/people/contract.ts'
import { call, errorBody, host } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { shortMoment } from '../ui/time-format.ts'
import { HandleMenu } from './handle-menu.tsx'
import { handleWords } from './handle-words.ts'
import styles from './person-card.module.css'

/** Every address and number; the next one goes in below. */
export function HandleList({ card }: { readonly card: PersonCard }) {
  const [adding, setAdding] = useState(false)
  const known = useEngine('enrich.person', { personId: card.personId })
  const lineOf = (value: string) => known.data?.lines.find((it) => it.value === value)?.type ?? null
  return (
    <>
      <ul className={styles.handles} aria-label="Addresses and numbers">
        {card.handles.map((it) => (
          <HandleLine
            key={it.id}
            handle={it}
            line={lineOf(it.value)}
            hasOthers={card.handles.some((other) => other.kind === it.kind && other !== it && other.valid)}
          />
        ))}
      </ul>
      {adding ? (
        <AddHandle personId={card.personId} onDone={() => setAdding(false)} />
      ) : (
        <Button
          variant="subtle"
          size="compact-xs"
          px={4}
          leftSection={<IconPlus size={13} />}
          onClick={() => setAdding(true)}
        >
          Add an address or a number
        </Button>
      )}
    </>
  )
}

type LineProps = {
  readonly handle: CardHandle
  /** What kind of line a number is, as far as the numbering plan tells. */
  readonly line: string | null
  readonly hasOthers: boolean
}

function HandleLine({ handle, line, hasOthers }: LineProps) {
  const report = useReport()
  const place = usePlace()
  const now = useNow('minute')
  const words = handleWords(handle, { line, when: (at) => shortMoment(at, now, place) })
  const copy = () =>
    void host('copyText', { text: handle.value }).then(
      () => notifications.show({ message: `Copied ${handle.display}`, autoClose: 1500 }),
      report,
    )
  const IconOf = handle.kind === 'phone' ? IconPhone : handle.kind === 'chat' ? IconMessages : IconMail
  return (
    <li className={styles.handle}>
      <IconOf size={14} aria-hidden="true" />
      <span className={styles.handleText}>
        <span className={styles.handleValue} data-off={!handle.valid || undefined} title={handle.display}>
          {handle.valid ? handle.display : <s>{handle.display}</s>}
        </span>
        {words.length > 0 && <span className={styles.handleKind}>{words.join(', ')}</span>}
      </span>
      {handle.kind !== 'chat' && (
        <Tooltip label="Copy">
          <ActionIcon size="xs" variant="subtle" color="gray" aria-label={`Copy ${handle.display}`} onClick={copy}>
            <IconCopy size={13} />
          </ActionIcon>
        </Tooltip>
      )}
      <HandleMenu handle={handle} hasOthers={hasOthers} />
    </li>
  )
}

function AddHandle({ personId, onDone }: { readonly personId: number; readonly onDone: () => void }) {
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const add = () => {
    const kind = value.includes('@') ? 'email' : 'phone'
    call('people.addHandle', { personId, kind, value }).then(onDone, (error: unknown) =>
      setProblem(errorBody(error).message),
    )
  }
  return (
    <form
      className={styles.addLine}
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <TextInput
        size="xs"
        aria-label="New address or number"
        placeholder="name@example.com or a number"
        autoFocus
        value={value}
        error={problem}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <Button size="xs" type="submit" disabled={value.trim() === ''}>
        Add
      </Button>
    </form>
  )
}
