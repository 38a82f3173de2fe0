import { Badge, Button, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { AnswerSlot, FirstAnswerSettings, Wording } from '../../src/contact/first-answer/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { plural } from '../ui/time-format.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import { FirstAnswerEditor } from './first-answer-editor.tsx'
import { FirstAnswerNotice } from './first-answer-notice.tsx'
import { slotOrder, slotWords } from './first-answer-words.ts'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { previewOf } from './template-variables.ts'

/** "We have your message" within seconds: what is sent by itself, for each way to come. */
export function FirstAnswerSection() {
  const answer = useEngine('firstAnswer.get', {})
  const [editing, setEditing] = useState<AnswerSlot | null>(null)
  if (answer.isError && !answer.data) return <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return null
  const { settings, sent, waiting } = answer.data
  const saveSlot = (slot: AnswerSlot, wording: Wording) =>
    call('firstAnswer.save', { settings: { ...settings, slots: { ...settings.slots, [slot]: wording } } })
  if (editing !== null) {
    return (
      <FirstAnswerEditor
        key={editing}
        slot={editing}
        wording={settings.slots[editing]}
        onSave={(wording) => saveSlot(editing, wording)}
        onClose={() => setEditing(null)}
      />
    )
  }
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        Tells a new lead within seconds that you have their message. It is marked as automatic, never counts as your
        answer and never stops a deadline. Everything is off until you have read its words and turned it on.
      </p>
      <FirstAnswerNotice />
      <div className={styles.box}>
        {slotOrder.map((slot) => (
          <div key={slot} className={styles.row}>
            <div className={styles.grow}>
              <div>
                <b>{slotWords[slot].title}</b>{' '}
                <Badge variant={settings.slots[slot].on ? 'filled' : 'default'} color="teal.9" size="sm">
                  {settings.slots[slot].on ? 'On' : 'Off'}
                </Badge>
              </div>
              <div className={`${styles.dim} ${styles.ellipsis}`} dir="auto">
                {slotWords[slot].how}: {previewOf(settings.slots[slot].inHours)}
              </div>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Read and change: ${slotWords[slot].title}`}
              onClick={() => setEditing(slot)}
            >
              {settings.slots[slot].on ? 'Change' : 'Read and turn on'}
            </Button>
          </div>
        ))}
      </div>
      <Limits settings={settings} />
      <p className={styles.dim}>
        In the last 24 hours: {plural(sent, 'first answer')} sent{waiting > 0 ? `, ${waiting} waiting` : ''}.
      </p>
    </Stack>
  )
}

const limits = [
  {
    key: 'delaySeconds',
    label: 'Wait before it leaves (seconds)',
    description: 'Answer sooner yourself, and none is sent.',
    min: 0,
    max: 300,
  },
  {
    key: 'onePerHours',
    label: 'One per person every (hours)',
    description: 'Whichever way they come again.',
    min: 1,
    max: 720,
  },
  {
    key: 'mostAnHour',
    label: 'Stop after (people an hour)',
    description: 'Then something is wrong: it waits for you.',
    min: 1,
    max: 1000,
  },
] as const

function Limits({ settings }: { readonly settings: FirstAnswerSettings }) {
  const { busy, problem, save } = useSave()
  const { onePerHours, delaySeconds, mostAnHour } = settings
  const form = useForm({ initialValues: { onePerHours, delaySeconds, mostAnHour } })
  const submit = form.onSubmit((values) => {
    void save(
      () => call('firstAnswer.save', { settings: { ...settings, ...values } }),
      () => 'Saved',
    ).then((done) => done && form.resetDirty(values))
  })
  return (
    <form onSubmit={submit} noValidate className={styles.box}>
      <h3 className={styles.boxTitle}>Never too much</h3>
      <Stack gap="sm">
        <div className={styles.grid2}>
          {limits.map(({ key, label, description, min, max }) => (
            <WholeNumber
              key={key}
              label={label}
              description={description}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              min={min}
              max={max}
              {...form.getInputProps(key)}
              value={form.values[key]}
            />
          ))}
        </div>
        <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
      </Stack>
    </form>
  )
}
