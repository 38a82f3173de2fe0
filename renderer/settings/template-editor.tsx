import { Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRef } from 'react'
import type { Template } from '../../src/nurture/contract.ts'
import { SegmentCount } from '../composer/segment-count.tsx'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { DialogButtons } from './dialog-buttons.tsx'
import { PutIn } from './put-in.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'
import { previewOf, templateVariables } from './template-variables.ts'

type Props = {
  readonly template: Template | null
  readonly channel: Template['channel']
  readonly onClose: () => void
}

/** Words, chips for what is filled in, and how it will look. */
export function TemplateEditor({ template, channel, onClose }: Props) {
  const body = useRef<HTMLTextAreaElement>(null)
  const { busy, problem, save } = useSave()
  const form = useForm({
    initialValues: { name: template?.name ?? '', subject: template?.subject ?? '', body: template?.body ?? '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give it a name to find it by.' : null),
      body: (value) => (value.trim() === '' ? 'It is empty.' : null),
    },
  })
  const submit = form.onSubmit((values) => {
    void save(
      () => call('templates.save', { id: template?.id ?? null, channel, ...values }),
      () => 'Saved',
    ).then((done) => done && onClose())
  })
  const remove = () => {
    if (!template) return
    void save(
      () => call('templates.remove', { id: template.id }),
      () => `“${template.name}” was removed`,
    ).then((done) => done !== undefined && onClose())
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TextInput label="Name" dir="auto" maxLength={100} autoFocus {...form.getInputProps('name')} />
        {channel === 'email' && (
          <TextInput label="Subject" dir="auto" maxLength={500} {...form.getInputProps('subject')} />
        )}
        <Textarea
          ref={body}
          label={channel === 'sms' ? 'Text' : 'Mail'}
          dir="auto"
          autosize
          minRows={4}
          maxRows={16}
          {...form.getInputProps('body')}
        />
        <PutIn
          label="Put in"
          variables={templateVariables}
          field={body}
          value={form.values.body}
          onChange={(value) => form.setFieldValue('body', value)}
        />
        {form.values.body !== '' && (
          <div>
            <div className={styles.dim}>
              How it looks for Ana Lopez{' '}
              {channel === 'sms' && (
                <>
                  · <SegmentCount text={previewOf(form.values.body)} />
                </>
              )}
            </div>
            <div className={styles.preview} dir="auto">
              {channel === 'email' && form.values.subject !== '' && <b>{`${previewOf(form.values.subject)}\n\n`}</b>}
              {previewOf(form.values.body)}
            </div>
          </div>
        )}
        {problem !== null && <ErrorNotice error={problem} />}
        <DialogButtons busy={busy} onRemove={template && remove} onCancel={onClose} />
      </Stack>
    </form>
  )
}
