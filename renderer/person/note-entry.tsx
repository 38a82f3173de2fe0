import { ActionIcon, Button, Group, Textarea, Tooltip } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import styles from './entry.module.css'
import { RichText } from './rich-text.tsx'
import { When } from './small-entries.tsx'

type Note = Extract<TimelineEntry, { kind: 'note' }>

/** Yellow, so that nobody takes it for something the lead has read. */
export function NoteEntry({ entry, words }: { readonly entry: Note; readonly words: readonly string[] }) {
  const [editing, setEditing] = useState(false)
  const undo = useUndo()
  const report = useReport()
  const remove = () => {
    const show = async (shown: boolean) => void (await call('contact.showNote', { interactionId: entry.id, shown }))
    show(false).then(() => undo.offer({ label: 'Removed a note', undo: () => show(true) }), report)
  }
  return (
    <article className={styles.note}>
      <div className={styles.head}>
        <span className={styles.tag}>Internal note</span>
        {entry.author && <b dir="auto">{entry.author}</b>}
        {entry.version > 1 && <span className={styles.edited}>changed</span>}
        <When at={entry.at} />
        <Tooltip label="Change this note">
          <ActionIcon
            size={22}
            variant="subtle"
            color="gray"
            aria-label="Change this note"
            onClick={() => setEditing(true)}
          >
            <IconPencil size={14} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Remove this note">
          <ActionIcon size={22} variant="subtle" color="gray" aria-label="Remove this note" onClick={remove}>
            <IconTrash size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {!editing && (
        <p className={styles.body} dir="auto">
          <RichText text={entry.text} words={words} />
        </p>
      )}
      {editing && <EditNote entry={entry} onClose={() => setEditing(false)} />}
    </article>
  )
}

/** When somebody else saved meanwhile, their text is shown above and nothing of either is lost. */
function EditNote({ entry, onClose }: { readonly entry: Note; readonly onClose: () => void }) {
  const [text, setText] = useState(entry.text)
  // What was read when the writing began; the timeline below it may move on.
  const [read] = useState({ version: entry.version, text: entry.text })
  const [problem, setProblem] = useState<unknown>(null)
  const undo = useUndo()
  const clash = entry.version !== read.version
  const save = () => {
    const version = clash ? entry.version : read.version
    const before = clash ? entry.text : read.text
    call('contact.editNote', { interactionId: entry.id, version, text }).then(
      ({ version: saved }) => {
        if (saved !== version) {
          undo.offer({
            label: 'Changed a note',
            undo: async () =>
              void (await call('contact.editNote', { interactionId: entry.id, version: saved, text: before })),
          })
        }
        onClose()
      },
      // After a clash the newer text arrives with the timeline, and the next save is meant against it.
      setProblem,
    )
  }
  return (
    <div className={styles.editNote}>
      {clash && (
        <div role="alert">
          <p className={styles.clash}>Somebody changed it meanwhile. Their text:</p>
          <blockquote className={styles.theirs} dir="auto">
            {entry.text}
          </blockquote>
          <p className={styles.clash}>Yours, which saving keeps:</p>
        </div>
      )}
      {problem !== null && !clash && <ErrorNotice error={problem} />}
      <Textarea
        aria-label="Text of the note"
        dir="auto"
        autosize
        minRows={2}
        maxRows={12}
        maxLength={20_000}
        value={text}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            save()
          }
          if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            onClose()
          }
        }}
      />
      <Group gap={6} justify="flex-end" mt={6}>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button size="compact-sm" color="#7a4d00" disabled={text.trim() === ''} onClick={save}>
          {clash ? 'Keep mine' : 'Save'}
        </Button>
      </Group>
    </div>
  )
}
