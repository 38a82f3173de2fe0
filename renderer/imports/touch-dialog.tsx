import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { largestTouch, mostTouchFiles, type TouchKind, touchKind, touchNames } from '../../src/capture/contract.ts'
import { badInput } from '../../src/rpc/errors.ts'
import { focusFirstError } from '../onboarding/focus-first-error.ts'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { MomentPicker } from '../ui/date-pickers.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import { CardPhoto, type CardPicture, type ReadCard } from './card-photo.tsx'
import styles from './imports.module.css'
import { type KnownPerson, PersonField } from './person-field.tsx'
import { TouchFiles } from './touch-files.tsx'
import { defaultSource, fromCard, type NewPerson, newFrom, sourceAfter } from './touch-values.ts'

type Props = {
  /** Who is on the screen: offered, never taken for granted, so that nothing lands with the wrong one. */
  readonly person: KnownPerson | null
}

type Values = {
  readonly who: KnownPerson | null
  /** Null until the user says that it is somebody new. */
  readonly made: NewPerson | null
  readonly picture: CardPicture | null
  readonly files: readonly File[]
  readonly kind: TouchKind
  readonly source: string
  readonly referrer: KnownPerson | null
  readonly text: string
  readonly answered: boolean
  readonly at: number | null
}

/** Somebody came by a way that Deskbell does not see: across the counter, by a friend, on Instagram. */
export function TouchDialog({ person }: Props) {
  const { act } = useWindow()
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const report = useReport()
  const form = useForm<Values>({
    initialValues: {
      who: null,
      made: null,
      picture: null,
      files: [],
      kind: 'walk_in',
      source: defaultSource('walk_in'),
      referrer: null,
      text: '',
      answered: false,
      at: null,
    },
    validate: {
      who: (who, { made }) =>
        who === null && made === null ? 'Who was it? Type a name, an address or a number.' : null,
      made: (made) =>
        made !== null && [made.name, made.email, made.phone].every((it) => it.trim() === '')
          ? 'A name, an address or a number is needed.'
          : null,
      source: (source) => (source.trim() === '' ? 'Where did they come from?' : null),
      at: (at) => (at !== null && at > Date.now() ? 'That is in the future.' : null),
    },
  })
  const { who, made, picture, files, kind, source, referrer } = form.values
  const tooLarge = files.reduce((sum, it) => sum + it.size, picture?.bytes.byteLength ?? 0) > largestTouch
  const addFiles = (added: Iterable<File>) => {
    const room = mostTouchFiles - (picture === null ? 0 : 1)
    form.setFieldValue('files', [...files, ...added].slice(0, room))
  }
  const close = () => act({ do: 'dialog', dialog: null })
  const save = form.onSubmit(async ({ text, answered, at }) => {
    if (tooLarge) return
    setBusy(true)
    setProblem(null)
    try {
      const attached = await Promise.all(files.map(bytesOf))
      const { personId } = await call('capture.logTouch', {
        kind,
        source: source.trim(),
        personId: who?.personId ?? null,
        name: made?.name.trim() ?? '',
        email: made?.email.trim() || null,
        phone: made?.phone.trim() || null,
        referrerId: kind === 'referral' ? (referrer?.personId ?? null) : null,
        text: text.trim(),
        attachments: picture === null ? attached : [picture, ...attached],
        answered,
        ...(at === null ? {} : { at }),
      })
      // The touch is in: what else stood on the card must not make anybody log it twice.
      await keepCard(personId, made).catch(report)
      notifications.show({ message: 'Added.', autoClose: 3000 })
      act({ do: 'open', personId })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }, focusFirstError(form))
  return (
    <Modal opened onClose={close} title="Add a lead by hand" size={500}>
      <form
        // Our own sentences, not the bubble of the browser.
        noValidate
        onSubmit={save}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return
          event.preventDefault()
          addFiles(event.clipboardData.files)
        }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          if (event.dataTransfer.files.length === 0) return
          event.preventDefault()
          addFiles(event.dataTransfer.files)
        }}
      >
        <Stack gap="sm">
          <CardPhoto
            picture={picture}
            onRead={(card: ReadCard, read) => form.setValues({ who: null, made: fromCard(card), picture: read })}
            onDrop={() => form.setFieldValue('picture', null)}
          />
          {made === null ? (
            <PersonField
              label="Who was it?"
              takeFocus
              suggestion={person}
              value={who}
              error={typeof form.errors.who === 'string' ? form.errors.who : null}
              onChange={(next) => form.setFieldValue('who', next)}
              onNew={(typed) => form.setFieldValue('made', newFrom(typed))}
            />
          ) : (
            <NewFields
              made={made}
              error={typeof form.errors.made === 'string' ? form.errors.made : null}
              onChange={(next) => form.setFieldValue('made', next)}
              onBack={() => form.setFieldValue('made', null)}
            />
          )}
          <Group grow align="flex-start">
            <NativeSelect
              label="How did they come?"
              data={touchKind.options.map((value) => ({ value, label: touchNames[value] }))}
              value={kind}
              onChange={(event) => {
                const next = touchKind.parse(event.currentTarget.value)
                form.setValues({ kind: next, source: sourceAfter(next, { kind, source }) })
              }}
            />
            <TextInput
              label="Source"
              placeholder="For your reports"
              dir="auto"
              maxLength={100}
              withAsterisk
              {...form.getInputProps('source')}
            />
          </Group>
          {kind === 'referral' && (
            <PersonField
              label="Who sent them? (if you know)"
              value={referrer}
              onChange={(next) => form.setFieldValue('referrer', next)}
            />
          )}
          <Textarea
            label="What do they want?"
            autosize
            minRows={3}
            maxRows={8}
            dir="auto"
            maxLength={20_000}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault()
                event.currentTarget.form?.requestSubmit()
              }
            }}
            {...form.getInputProps('text')}
          />
          <TouchFiles
            files={files}
            tooLarge={tooLarge}
            onAdd={addFiles}
            onRemove={(file) =>
              form.setFieldValue(
                'files',
                files.filter((it) => it !== file),
              )
            }
          />
          <MomentPicker
            label="When"
            placeholder="Just now"
            max={Date.now()}
            clearable
            value={form.values.at}
            onChange={(at) => form.setFieldValue('at', at)}
            error={form.errors.at}
          />
          <Checkbox
            label="One of us already talked to them"
            description="So no first answer is due."
            {...form.getInputProps('answered', { type: 'checkbox' })}
          />
          {problem !== null && <ErrorNotice error={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              Add it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** @throws DeskbellError when the file cannot be read any more */
async function bytesOf(file: File) {
  try {
    return {
      name: file.name.slice(-255),
      contentType: file.type.slice(0, 200),
      bytes: new Uint8Array(await file.arrayBuffer()),
    }
  } catch {
    throw badInput(
      `${file.name} cannot be read. It may have been moved, or be a folder. Remove it and attach it again.`,
    )
  }
}

async function keepCard(personId: number, made: NewPerson | null): Promise<void> {
  const company = made?.card?.company.trim() ?? ''
  const title = made?.card?.title.trim() ?? ''
  if (company !== '' || title !== '') {
    await call('people.update', { personId, ...(company && { company }), ...(title && { title }) })
  }
  const kept = made?.card?.more.filter((it) => it.isKept) ?? []
  // A number that is another one's must not keep the next from being added.
  const added = await Promise.allSettled(
    kept.map(({ kind, value }) => call('people.addHandle', { personId, kind, value })),
  )
  const refused = added.find((it) => it.status === 'rejected')
  if (refused) throw refused.reason
}

type NewProps = {
  readonly made: NewPerson
  readonly error: string | null
  readonly onChange: (made: NewPerson) => void
  readonly onBack: () => void
}

function NewFields({ made, error, onChange, onBack }: NewProps) {
  // The name was typed to look for them: on to what comes next.
  const [first] = useState(made.name === '' || made.card ? 'name' : 'email')
  return (
    <fieldset className={styles.plain}>
      <legend className={styles.legend}>Somebody new</legend>
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            style={{ flex: 1 }}
            aria-label="Name"
            placeholder="Name"
            dir="auto"
            maxLength={200}
            autoFocus={first === 'name'}
            error={error}
            value={made.name}
            onChange={(event) => onChange({ ...made, name: event.currentTarget.value })}
          />
          <Button variant="default" onClick={onBack}>
            Search instead
          </Button>
        </Group>
        <Group grow>
          <TextInput
            aria-label="E-mail"
            placeholder="E-mail"
            maxLength={320}
            autoFocus={first === 'email'}
            value={made.email}
            onChange={(event) => onChange({ ...made, email: event.currentTarget.value })}
          />
          <TextInput
            aria-label="Phone"
            placeholder="Phone"
            maxLength={40}
            value={made.phone}
            onChange={(event) => onChange({ ...made, phone: event.currentTarget.value })}
          />
        </Group>
        {made.card && <CardFields card={made.card} onChange={(card) => onChange({ ...made, card })} />}
      </Stack>
    </fieldset>
  )
}

type CardProps = {
  readonly card: NonNullable<NewPerson['card']>
  readonly onChange: (card: NonNullable<NewPerson['card']>) => void
}

function CardFields({ card, onChange }: CardProps) {
  const choose = (at: number, isKept: boolean) =>
    onChange({ ...card, more: card.more.map((it, place) => (place === at ? { ...it, isKept } : it)) })
  return (
    <>
      <Group grow>
        <TextInput
          aria-label="Company"
          placeholder="Company"
          dir="auto"
          maxLength={200}
          value={card.company}
          onChange={(event) => onChange({ ...card, company: event.currentTarget.value })}
        />
        <TextInput
          aria-label="Title"
          placeholder="Title"
          dir="auto"
          maxLength={200}
          value={card.title}
          onChange={(event) => onChange({ ...card, title: event.currentTarget.value })}
        />
      </Group>
      {card.more.length > 0 && (
        <fieldset className={styles.plain}>
          <legend className={styles.legend}>Also on the card</legend>
          <Stack gap={6}>
            {card.more.map((it, at) => (
              <Checkbox
                key={`${it.kind} ${it.value}`}
                size="sm"
                label={it.label === null ? it.value : `${it.value} · ${it.label.replace('_', '-')}`}
                checked={it.isKept}
                onChange={(event) => choose(at, event.currentTarget.checked)}
              />
            ))}
          </Stack>
        </fieldset>
      )}
    </>
  )
}
