import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useRef } from 'react'
import type { AnswerSlot, Wording } from '../../src/contact/first-answer/contract.ts'
import { SegmentCount } from '../composer/segment-count.tsx'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { slotWords } from './first-answer-words.ts'
import { PutIn } from './put-in.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { templateVariables } from './template-variables.ts'

type Props = {
  readonly slot: AnswerSlot
  readonly wording: Wording
  readonly onSave: (wording: Wording) => Promise<unknown>
  readonly onClose: () => void
}

const byMail: readonly AnswerSlot[] = ['email', 'form']
const byText: readonly AnswerSlot[] = ['sms', 'formText', 'call']

/** The words of one first answer, and how a real lead would get them; turning it on is here, where they are read. */
export function FirstAnswerEditor({ slot, wording, onSave, onClose }: Props) {
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: wording,
    validate: {
      inHours: (value) => (value.trim() === '' ? 'It is empty.' : null),
      subject: (value) => (slot === 'form' && value.trim() === '' ? 'A mail needs a subject.' : null),
    },
  })
  const { subject, inHours, afterHours, on } = form.values
  const finish = (isOn: boolean) =>
    form.onSubmit((values) => {
      void save(
        () => onSave({ ...values, on: isOn }).then(() => true),
        () => (isOn ? 'It is on.' : on ? 'It is off.' : 'Saved'),
      ).then((done) => done && onClose())
    })()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        finish(on)
      }}
      noValidate
    >
      <Stack gap="sm">
        <p className={styles.lead}>
          {slotWords[slot].title}: answered {slotWords[slot].how}.
        </p>
        {slot === 'form' && <TextInput label="Subject" dir="auto" maxLength={200} {...form.getInputProps('subject')} />}
        <Words
          label="While you are open"
          slot={slot}
          subject={subject}
          value={inHours}
          error={form.errors.inHours}
          onChange={(value) => form.setFieldValue('inHours', value)}
        />
        <Words
          label="While you are closed"
          slot={slot}
          subject={subject}
          value={afterHours}
          hint="Left empty, it is the same."
          onChange={(value) => form.setFieldValue('afterHours', value)}
        />
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="space-between">
          {on ? (
            <Button variant="subtle" color="red" disabled={busy} onClick={() => finish(false)}>
              Turn off
            </Button>
          ) : (
            <span />
          )}
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            {!on && (
              <Button variant="default" type="submit" loading={busy}>
                Save, keep off
              </Button>
            )}
            <Button loading={busy} onClick={() => finish(true)}>
              {on ? 'Save' : 'Turn on'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

type WordsProps = {
  readonly label: string
  readonly slot: AnswerSlot
  readonly subject: string
  readonly value: string
  readonly error?: unknown
  readonly hint?: string
  readonly onChange: (value: string) => void
}

function Words({ label, slot, subject, value, error, hint, onChange }: WordsProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  return (
    <div className={styles.box}>
      <Textarea
        ref={field}
        label={label}
        description={hint}
        dir="auto"
        autosize
        minRows={2}
        maxRows={12}
        maxLength={5000}
        value={value}
        error={typeof error === 'string' ? error : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div style={{ marginTop: 6 }}>
        <PutIn label={`Put in: ${label}`} variables={variables} field={field} value={value} onChange={onChange} />
      </div>
      {value.trim() !== '' && <Preview slot={slot} subject={byMail.includes(slot) ? subject : ''} body={value} />}
    </div>
  )
}

// Nobody in particular sends it, and nobody subscribed to it.
const variables = templateVariables.filter((it) => it.name !== 'unsubscribe' && it.name !== 'agent.phone')

function Preview({
  slot,
  subject,
  body,
}: {
  readonly slot: AnswerSlot
  readonly subject: string
  readonly body: string
}) {
  const [asked] = useDebouncedValue({ slot, subject, body }, 250)
  const { data } = useEngine('firstAnswer.preview', asked, { keepPrevious: true })
  if (data === undefined) return null
  if (data === null) {
    return <p className={styles.dim}>As soon as the first lead is there, this shows how they would get it.</p>
  }
  if (data.mistake !== null) {
    return (
      <p role="alert" className={styles.problem}>
        {data.mistake}
      </p>
    )
  }
  return (
    <div style={{ marginTop: 8 }}>
      <div className={styles.dim} dir="auto">
        How {data.name} would get it
        {byText.includes(slot) && (
          <>
            {' · '}
            <SegmentCount text={data.body} />
          </>
        )}
      </div>
      <div className={styles.preview} dir="auto">
        {data.subject !== '' && <b>{`${data.subject}\n\n`}</b>}
        {data.body}
      </div>
      {data.missing.length > 0 && (
        <p role="alert" className={styles.problem}>
          Not known of {data.name}: {data.missing.join(', ')}. They would get nothing. Write a fallback, like{' '}
          {'{{contact.first_name | "there"}}'}.
        </p>
      )}
    </div>
  )
}
