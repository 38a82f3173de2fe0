import { Modal } from '@mantine/core'
import { useState } from 'react'
import type { Template } from '../../src/nurture/contract.ts'
import styles from '../inbox/dialogs.module.css'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'

type Filled = { readonly subject: string; readonly body: string; readonly templateId: number }
type Props = {
  readonly personId: number
  readonly channel: Template['channel']
  readonly onClose: () => void
  readonly onFilled: (filled: Filled) => void
}

/** The templates of a channel; picking one fills it for this person. */
export function TemplateDialog({ personId, channel, onClose, onFilled }: Props) {
  const { act } = useWindow()
  const list = useEngine('templates.list', { personId })
  const [problem, setProblem] = useState<unknown>(null)
  const templates = (list.data?.templates ?? []).filter((it) => it.channel === channel)
  const fill = async (templateId: number) => {
    const { subject, body } = await call('templates.render', { templateId, personId })
    onFilled({ subject, body, templateId })
  }
  return (
    <Modal opened onClose={onClose} title="Templates" size={460}>
      {(problem ?? list.error) !== null && <ErrorNotice error={problem ?? list.error} />}
      {list.data && templates.length === 0 && (
        <p className={styles.text}>
          There is no template for {channel === 'sms' ? 'texts' : 'mail'} yet.{' '}
          <button
            type="button"
            className={styles.textLink}
            onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'templates' } })}
          >
            Write one
          </button>
        </p>
      )}
      {templates.length > 0 && (
        <Picker
          label="Templates"
          items={templates.map((it) => ({ key: String(it.id), label: it.name, hint: shorten(it.preview) }))}
          onPick={(key) => void fill(Number(key)).catch(setProblem)}
        />
      )}
    </Modal>
  )
}

const shorten = (text: string) =>
  text.length > 34 ? `${text.slice(0, 32).replaceAll('\n', ' ')}…` : text.replaceAll('\n', ' ')
