import { Button, Stack } from '@mantine/core'
import { IconMail, IconMessage2, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Template } from '../../src/nurture/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './settings.module.css'
import { TemplateEditor } from './template-editor.tsx'

/** Sentences written once and sent often. */
export function TemplatesSection() {
  const list = useEngine('templates.list', {})
  const [editing, setEditing] = useState<Template | Template['channel'] | null>(null)
  if (editing !== null) {
    return (
      <TemplateEditor
        key={typeof editing === 'string' ? editing : editing.id}
        template={typeof editing === 'string' ? null : editing}
        channel={typeof editing === 'string' ? editing : editing.channel}
        onClose={() => setEditing(null)}
      />
    )
  }
  const templates = list.data?.templates ?? []
  return (
    <Stack gap="md">
      <p className={styles.lead}>Write them once; press / in an empty message to use them.</p>
      {list.isError && !list.data && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {templates.length > 0 && (
        <div className={styles.box}>
          {templates.map((it) => (
            <div key={it.id} className={styles.row}>
              {it.channel === 'sms' ? (
                <IconMessage2 size={18} aria-label="Text" />
              ) : (
                <IconMail size={18} aria-label="Mail" />
              )}
              <div className={styles.grow}>
                <div className={styles.ellipsis} dir="auto">
                  <b>{it.name}</b>
                </div>
                <div className={`${styles.dim} ${styles.ellipsis}`} dir="auto">
                  {it.preview}
                </div>
              </div>
              <Button size="compact-sm" variant="default" aria-label={`Edit ${it.name}`} onClick={() => setEditing(it)}>
                Edit
              </Button>
            </div>
          ))}
        </div>
      )}
      {list.data && templates.length === 0 && <p className={styles.dim}>No template yet.</p>}
      <div style={{ display: 'flex', gap: 8 }}>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing('sms')}>
          New text
        </Button>
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setEditing('email')}>
          New mail
        </Button>
      </div>
    </Stack>
  )
}
