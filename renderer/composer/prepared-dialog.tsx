import { Button, Group, Loader, Modal, Stack, TextInput } from '@mantine/core'
import { IconArrowLeft, IconSend } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { fillPrepared } from '../../src/contact/contract.ts'
import type { Handle } from '../../src/people/contract.ts'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import dialogs from '../inbox/dialogs.module.css'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useUndo } from '../shell/undo.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'
import styles from './prepared-dialog.module.css'

type Prepared = MethodOutput<'contact.preparedMessages'>['messages'][number]

type Props = {
  readonly personId: number
  readonly name: string
  readonly handle: Handle
  /** They never wrote there; else too long ago. */
  readonly isFirst: boolean
  readonly onClose: () => void
  readonly onSent: () => void
}

/** WhatsApp takes only what it approved beforehand a day after somebody wrote: choose it, fill in its gaps, send it. */
export function PreparedDialog(props: Props) {
  const { personId, isFirst, onClose } = props
  const list = useEngine('contact.preparedMessages', { personId })
  const [chosen, setChosen] = useState<Prepared | null>(null)
  const messages = list.data?.messages ?? []
  return (
    <Modal opened onClose={onClose} title={chosen?.name ?? 'WhatsApp template'} size={460}>
      {chosen === null && (
        <p className={dialogs.text}>
          {isFirst ? 'They have not written to you on WhatsApp.' : 'Their last WhatsApp message is over 24 hours old.'}{' '}
          Until they write, WhatsApp takes only messages that it approved beforehand.
        </p>
      )}
      {list.isPending && <Loader size="sm" aria-label="Asking Twilio for your templates" />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && messages.length === 0 && (
        <p className={dialogs.text}>
          WhatsApp has not approved a template of yours yet. Write one in the Twilio console under Messaging → Content
          Template Builder and submit it for WhatsApp; then it is here.
        </p>
      )}
      {chosen === null ? (
        messages.length > 0 && (
          <div className={styles.list}>
            <Picker
              label="WhatsApp templates"
              items={messages.map((it) => ({ key: it.contentSid, label: it.name, hint: hintOf(it) }))}
              onPick={(key) => setChosen(messages.find((it) => it.contentSid === key) ?? null)}
            />
          </div>
        )
      ) : (
        <FillIn {...props} message={chosen} onBack={() => setChosen(null)} />
      )}
    </Modal>
  )
}

const hintOf = ({ body, language }: Prepared) => {
  const line = body.replace(/\s+/g, ' ')
  return `${line.length > 34 ? `${line.slice(0, 32)}…` : line}${language === '' ? '' : ` · ${language}`}`
}

function FillIn(props: Props & { readonly message: Prepared; readonly onBack: () => void }) {
  const { personId, name, handle, message, onBack, onClose, onSent } = props
  const { contentSid, body, variables } = message
  const undo = useUndo()
  const client = useQueryClient()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const hasGap = variables.some(({ key }) => (values[key] ?? '').trim() === '')
  const refresh = () => client.invalidateQueries({ queryKey: ['people.timeline', { personId }] })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (hasGap || busy) return
    setBusy(true)
    setProblem(null)
    try {
      const trimmed = Object.fromEntries(variables.map(({ key }) => [key, (values[key] ?? '').trim()]))
      const sent = await call('contact.sendPrepared', {
        personId,
        handleId: handle.id,
        contentSid,
        variables: trimmed,
      })
      undo.offer({
        label: `WhatsApp template to ${name}`,
        until: sent.undoUntil,
        undo: async () => {
          await call('contact.cancelSend', { jobId: sent.jobId })
          await refresh()
        },
      })
      void refresh()
      onClose()
      onSent()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void send(event)}>
      <Stack gap="sm">
        {variables.map(({ key, example }, at) => (
          <TextInput
            key={key}
            label={`Fill in {{${key}}}`}
            placeholder={example === '' ? '' : `for example ${example}`}
            maxLength={1000}
            dir="auto"
            data-autofocus={at === 0 || undefined}
            value={values[key] ?? ''}
            onChange={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
          />
        ))}
        <section className={styles.preview} aria-label={`What ${name} will read`} dir="auto">
          {fillPrepared(body, values)}
        </section>
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="space-between">
          <Button variant="default" leftSection={<IconArrowLeft size={15} aria-hidden="true" />} onClick={onBack}>
            Others
          </Button>
          <Button
            type="submit"
            loading={busy}
            disabled={hasGap}
            rightSection={<IconSend size={15} aria-hidden="true" />}
          >
            Send to {handle.display}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
