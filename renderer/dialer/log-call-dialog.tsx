import { Button, Group, Modal, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { callOutcomes } from '../../src/contact/outcomes.ts'
import { useAskMore } from '../inbox/use-ask-more.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { Picker } from '../ui/picker.tsx'

type Props = { readonly personId: number; readonly name: string }

/** "I called from my own phone": direction, note, then the outcome's digit saves it. */
export function LogCallDialog({ personId, name }: Props) {
  const { act } = useWindow()
  const askMore = useAskMore()
  const undo = useUndo()
  const [direction, setDirection] = useState<'in' | 'out'>('out')
  const now = useNow('minute')
  const [note, setNote] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const close = () => act({ do: 'dialog', dialog: null })
  const save = (outcome: number) => {
    call('contact.logCall', {
      personId,
      direction,
      outcome,
      note,
      ...(at === null ? {} : { at }),
    }).then(({ interactionId }) => {
      close()
      undo.offer({
        label: `Call logged: ${name}`,
        undo: async () => {
          await call('contact.takeBackCall', { interactionId })
        },
      })
      askMore(personId, outcome, interactionId)
    }, setProblem)
  }
  return (
    <Modal opened onClose={close} title={`Log a call with ${name}`} size={440}>
      <Stack gap="sm">
        {problem !== null && <ErrorNotice error={problem} />}
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
        <Picker
          label="How did it go?"
          digits={callOutcomes.map((it) => String(it.digit))}
          items={callOutcomes.map((it) => ({ key: String(it.digit), label: it.label }))}
          onPick={(key) => save(Number(key))}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
