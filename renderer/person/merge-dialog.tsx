import { Button, Group, Modal, Radio, Skeleton, Stack } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { PersonCard } from '../../src/people/contract.ts'
import { type KnownPerson, PersonField } from '../imports/person-field.tsx'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { shortMoment } from '../ui/time-format.ts'
import styles from './merge.module.css'
import {
  cardValue,
  consequences,
  fieldNames,
  firstChoices,
  isChoice,
  type MergeField,
  mergeInput,
  type Side,
  shownFields,
} from './merge-values.ts'
import { useMerge } from './use-merge.ts'

type Props = {
  readonly personId: number
  /** Null where the user looks for the other one. */
  readonly otherId: number | null
}

/** Two people side by side, and what of each stays. */
export function MergeDialog({ personId, otherId }: Props) {
  const { act } = useWindow()
  const [picked, setPicked] = useState<KnownPerson | null>(null)
  const close = () => act({ do: 'dialog', dialog: null })
  const chosen = otherId ?? picked?.personId ?? null
  const left = useEngine('people.card', { personId })
  const right = useEngine('people.card', { personId: chosen ?? personId }, { enabled: chosen !== null })
  const failed = left.isError ? left : right.isError ? right : null
  const isSelf = chosen !== null && left.data !== undefined && left.data.personId === right.data?.personId
  const isComplete = chosen !== null && !failed && !isSelf
  return (
    <Modal opened onClose={close} title="Merge two people" size={640}>
      <Stack gap="md">
        {otherId === null && (
          <PersonField
            label={`Who is the same as ${left.data?.name ?? 'this person'}?`}
            takeFocus
            value={picked}
            onChange={setPicked}
            error={isSelf ? 'That is the same entry. Choose the other one.' : null}
          />
        )}
        {isSelf && (
          <p className={styles.note} role="alert">
            These are one person already. Choose somebody else.
          </p>
        )}
        {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
        {isComplete && left.data && right.data && (
          <Compare key={`${left.data.personId} ${right.data.personId}`} left={left.data} right={right.data} />
        )}
        {isComplete && !(left.data && right.data) && <Skeleton height={220} aria-label="Both are being fetched" />}
      </Stack>
    </Modal>
  )
}

function Compare({ left, right }: { readonly left: PersonCard; readonly right: PersonCard }) {
  const { state, act } = useWindow()
  const { merge } = useMerge()
  const submit = useRef<HTMLButtonElement>(null)
  // Both may be fetched only after the dialog has looked for what to focus.
  useEffect(() => submit.current?.focus(), [])
  const [choices, setChoices] = useState(() => firstChoices(left, right))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const close = () => act({ do: 'dialog', dialog: null })
  const save = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const input = mergeInput(left, right, choices)
      await merge(input, [left.name, right.name])
      // On the page of all suggestions the next one is waiting.
      if (state.page.kind === 'leads') act({ do: 'open', personId: input.keptId })
      else close()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const choose = (field: MergeField, side: Side) => setChoices({ ...choices, [field]: side })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Stack gap="md">
        <div className={styles.compare}>
          <span />
          <Who card={left} />
          <Who card={right} />
          {shownFields(left, right).map((field) => (
            <FieldLine
              key={field}
              field={field}
              left={left}
              right={right}
              side={choices[field]}
              onChoose={(side) => choose(field, side)}
            />
          ))}
          <span className={styles.label}>Reached by</span>
          <Handles card={left} />
          <Handles card={right} />
          <span className={styles.label}>Source</span>
          <FirstTouch card={left} />
          <FirstTouch card={right} />
        </div>
        <ul className={styles.after} aria-label="What happens">
          {consequences(left, right).map((it) => (
            <li key={it}>{it}</li>
          ))}
        </ul>
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button ref={submit} type="submit" loading={busy} data-autofocus>
            Merge
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Who({ card }: { readonly card: PersonCard }) {
  return (
    <div className={styles.who}>
      <Avatar name={card.name} size={34} />
      <b dir="auto" title={card.name}>
        {card.name}
      </b>
    </div>
  )
}

type LineProps = {
  readonly field: MergeField
  readonly left: PersonCard
  readonly right: PersonCard
  readonly side: Side
  readonly onChoose: (side: Side) => void
}

/** A choice where both say something else; where only one does, there is nothing to choose and it stays. */
function FieldLine({ field, left, right, side, onChoose }: LineProps) {
  const values = { left: cardValue(left, field), right: cardValue(right, field) }
  const label = fieldNames[field]
  if (!isChoice(left, right, field)) {
    return (
      <>
        <span className={styles.label}>{label}</span>
        {(['left', 'right'] as const).map((it) => (
          <span key={it} className={styles.value} dir="auto">
            {values[it] ?? <span className={styles.none}>none</span>}
          </span>
        ))}
      </>
    )
  }
  return (
    <fieldset className={styles.choice} aria-label={`${label}: which one stays`}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      {(['left', 'right'] as const).map((it) => (
        <Radio
          key={it}
          name={`merge-${field}`}
          className={`${styles.radio} ${side === it ? styles.chosen : ''}`}
          label={<span dir="auto">{values[it]}</span>}
          checked={side === it}
          onChange={() => onChoose(it)}
        />
      ))}
    </fieldset>
  )
}

function Handles({ card }: { readonly card: PersonCard }) {
  if (card.handles.length === 0) return <span className={styles.none}>nothing yet</span>
  return (
    <ul className={styles.handles}>
      {card.handles.map((it) => (
        <li key={it.id} title={it.display}>
          {it.kind === 'chat' ? 'Chat on the website' : it.display}
        </li>
      ))}
    </ul>
  )
}

function FirstTouch({ card }: { readonly card: PersonCard }) {
  const place = usePlace()
  const now = useNow('minute')
  return (
    <span className={styles.value} dir="auto">
      {card.firstTouch.source}
      <span className={styles.since}> · {shortMoment(card.firstTouch.at, now, place)}</span>
    </span>
  )
}
