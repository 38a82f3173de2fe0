import { Button, Chip, Group, Input, Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { callOutcomes } from '../../src/contact/outcomes.ts'
import { type KnownPerson, PersonField } from '../imports/person-field.tsx'
import { useAskMore } from '../inbox/use-ask-more.ts'
import { isField } from '../keys/use-command-keys.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import styles from './log-call-dialog.module.css'

type Props = {
  /** Null: asks who it was, and makes whoever is new. */
  readonly person: KnownPerson | null
}

type NewCaller = { readonly name: string; readonly phone: string }

/** What was typed of somebody new: a number, or a name. */
export const readCaller = (typed: string): NewCaller =>
  /^[+\d(][\d\s()./-]{4,}$/.test(typed.trim()) ? { name: '', phone: typed.trim() } : { name: typed.trim(), phone: '' }

async function add({ name, phone }: NewCaller): Promise<KnownPerson> {
  const { personId } = await call('people.add', {
    name: name.trim(),
    email: null,
    phone: phone.trim(),
    source: 'Phone call',
  })
  return { personId, name: name.trim() || phone.trim() }
}

/** "I called from my own phone": who, direction, note; then the outcome's digit saves it, or a click and Save. */
export function LogCallDialog({ person }: Props) {
  const { act } = useWindow()
  const askMore = useAskMore()
  const undo = useUndo()
  const now = useNow('minute')
  const [who, setWho] = useState<KnownPerson | null>(person)
  const [made, setMade] = useState<NewCaller | null>(null)
  const [direction, setDirection] = useState<'in' | 'out'>('out')
  const [note, setNote] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const [outcome, setOutcome] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const isReady = (who !== null || (made !== null && made.phone.trim() !== '')) && !busy
  const close = () => act({ do: 'dialog', dialog: null })

  const log = async (outcome: number) => {
    setBusy(true)
    setProblem(null)
    try {
      const known = who ?? (await add(made ?? readCaller('')))
      // Should logging fail now: they are there already, and must not be made twice.
      setWho(known)
      const { personId, name } = known
      const when = at === null ? {} : { at }
      const { interactionId } = await call('contact.logCall', { personId, direction, outcome, note, ...when })
      close()
      if (person === null) act({ do: 'open', personId })
      undo.offer({
        label: `Call logged: ${name}`,
        undo: async () => {
          await call('contact.takeBackCall', { interactionId })
        },
      })
      askMore(personId, outcome, interactionId)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target as HTMLElement)) return
    const pressed = callOutcomes.find((it) => String(it.digit) === event.key)
    if (!pressed) return
    event.preventDefault()
    setOutcome(pressed.digit)
    if (isReady) void log(pressed.digit)
  }

  return (
    <Modal opened onClose={close} title={person ? `Log a call with ${person.name}` : 'Log a call'} size={460}>
      <form
        onKeyDown={press}
        onSubmit={(event) => {
          event.preventDefault()
          if (outcome !== null && isReady) void log(outcome)
        }}
      >
        <Stack gap="sm">
          {problem !== null && <ErrorNotice error={problem} />}
          {person === null && (made === null || who !== null) && (
            <PersonField
              label="Who was it?"
              takeFocus
              value={who}
              onChange={setWho}
              onNew={(typed) => setMade(readCaller(typed))}
            />
          )}
          {made !== null && who === null && (
            <Group grow align="flex-start">
              <TextInput
                label="Name"
                dir="auto"
                maxLength={200}
                placeholder="If you know it"
                value={made.name}
                onChange={(event) => setMade({ ...made, name: event.currentTarget.value })}
              />
              <TextInput
                label="Number"
                withAsterisk
                maxLength={40}
                value={made.phone}
                onChange={(event) => setMade({ ...made, phone: event.currentTarget.value })}
              />
            </Group>
          )}
          <Group grow>
            <SegmentedControl
              aria-label="Who called"
              value={direction}
              onChange={(value) => setDirection(value as 'in' | 'out')}
              data={[
                { value: 'out', label: 'I called' },
                { value: 'in', label: 'They called' },
              ]}
            />
            <MomentPicker aria-label="When" placeholder="Just now" max={now} clearable value={at} onChange={setAt} />
          </Group>
          <Textarea
            label="What was said"
            autosize
            minRows={2}
            maxRows={6}
            dir="auto"
            maxLength={10_000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Input.Wrapper
            label="How did it go?"
            description="A digit saves at once."
            labelElement="div"
            className={styles.outcomes ?? ''}
          >
            <Chip.Group
              value={outcome === null ? null : String(outcome)}
              onChange={(value) => setOutcome(Number(value))}
            >
              <Group gap={6} role="radiogroup" aria-label="How did it go?">
                {callOutcomes.map((it, index) => (
                  <Chip
                    key={it.digit}
                    value={String(it.digit)}
                    size="sm"
                    variant="outline"
                    {...(index === 0 && person !== null ? { 'data-autofocus': true } : {})}
                  >
                    <KeyCap keys={String(it.digit)} /> {it.label}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </Input.Wrapper>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!isReady || outcome === null}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
