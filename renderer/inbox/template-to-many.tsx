import { Button, Group, Modal } from '@mantine/core'
import { IconMail, IconMessage2 } from '@tabler/icons-react'
import { useState } from 'react'
import { mostAtOnce, type Template } from '../../src/nurture/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Picker } from '../ui/picker.tsx'
import { plural } from '../ui/time-format.ts'
import styles from './dialogs.module.css'
import { peopleCount } from './people-count.ts'

type Props = {
  readonly title: string
  readonly leadIds: readonly number[]
  readonly onSend: (template: Template, leadIds: readonly number[]) => void
}

/** A template for many: which one, then who gets it and who does not. */
export function TemplateToMany({ title, leadIds, onSend }: Props) {
  const { act } = useWindow()
  const list = useEngine('templates.list', {})
  const [chosen, setChosen] = useState<Template | null>(null)
  const close = () => act({ do: 'dialog', dialog: null })
  const templates = list.data?.templates ?? []
  const these = leadIds.slice(0, mostAtOnce)
  if (chosen) {
    return (
      <Modal opened onClose={close} title={`“${chosen.name}” to ${title}`} size={520}>
        {leadIds.length > these.length && (
          <p className={styles.text}>
            At most {mostAtOnce} at a time: these are the first. Mark the others again after them.
          </p>
        )}
        <Preview
          template={chosen}
          leadIds={these}
          onBack={() => setChosen(null)}
          onSend={() => {
            close()
            onSend(chosen, these)
          }}
        />
      </Modal>
    )
  }
  return (
    <Modal opened onClose={close} title={`Send a template to ${title}`} size={460}>
      {list.error && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && templates.length === 0 && (
        <p className={styles.text}>There is no template yet. Write one under Settings, Templates.</p>
      )}
      <div className={styles.scroll}>
        <Picker
          key={templates.length}
          label="Templates"
          items={templates.map((it) => ({
            key: String(it.id),
            label: it.name,
            hint: it.channel === 'sms' ? 'text' : 'mail',
            left: it.channel === 'sms' ? <IconMessage2 size={16} /> : <IconMail size={16} />,
          }))}
          onPick={(key) => setChosen(templates.find((it) => String(it.id) === key) ?? null)}
        />
      </div>
    </Modal>
  )
}

type PreviewProps = {
  readonly template: Template
  readonly leadIds: readonly number[]
  readonly onBack: () => void
  readonly onSend: () => void
}

function Preview({ template, leadIds, onBack, onSend }: PreviewProps) {
  const tried = useEngine('templates.tryOnMany', { templateId: template.id, leadIds: [...leadIds] })
  const { ready = [], blocked = [] } = tried.data ?? {}
  const [at, setAt] = useState(0)
  const shown = ready[Math.min(at, ready.length - 1)]
  const what = template.channel === 'sms' ? 'text' : 'mail'
  return (
    <>
      {tried.error && <ErrorNotice error={tried.error} onRetry={() => void tried.refetch()} />}
      {tried.data && (
        <p className={styles.lead} role="status">
          <b>
            {ready.length === 0
              ? 'Nobody gets it.'
              : `${peopleCount(ready.length)} ${ready.length === 1 ? 'gets' : 'get'} this ${what}.`}
          </b>{' '}
          {blocked.length > 0 && `${peopleCount(blocked.length)} ${blocked.length === 1 ? 'does' : 'do'} not.`}
        </p>
      )}
      {shown && (
        <section className={styles.sample} aria-label={`As ${shown.name} gets it`}>
          <header className={styles.sampleHead}>
            <span dir="auto">To {shown.name || 'somebody without a name'}</span>
            {ready.length > 1 && (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => setAt((Math.min(at, ready.length - 1) + 1) % ready.length)}
              >
                {at + 1} of {ready.length}, next
              </Button>
            )}
          </header>
          {shown.subject && (
            <p className={styles.sampleSubject} dir="auto">
              {shown.subject}
            </p>
          )}
          <p className={styles.sampleBody} dir="auto">
            {shown.body}
          </p>
        </section>
      )}
      {blocked.length > 0 && (
        <section aria-label="Who does not get it, and why">
          <ul className={styles.blocked}>
            {blocked.map((it) => (
              <li key={it.personId}>
                {/* Some reasons begin with the name. */}
                {!(it.name && it.why.startsWith(it.name)) && <b dir="auto">{it.name || 'Without a name'}</b>}{' '}
                <span>{it.why}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Group justify="space-between" mt="md">
        <Button variant="default" onClick={onBack}>
          Another template
        </Button>
        <Button disabled={ready.length === 0} onClick={onSend}>
          {`Send ${plural(ready.length, what)}`}
        </Button>
      </Group>
    </>
  )
}
