import { ActionIcon, Button, Tabs, TextInput, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  IconAlertTriangle,
  IconBrandWhatsapp,
  IconNote,
  IconPaperclip,
  IconSend,
  IconTemplate,
} from '@tabler/icons-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import type { PersonCard } from '../../src/people/contract.ts'
import { useTimeline } from '../person/use-timeline.ts'
import { useWindow } from '../shell/window-context.tsx'
import type { ComposerMode } from '../shell/window-state.ts'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { AttachmentChips } from './attachment-chips.tsx'
import { BodyField } from './body-field.tsx'
import { ChatPresence } from './chat-presence.tsx'
import {
  chosenWay,
  defaultMode,
  firstGap,
  gapName,
  mailToAnswer,
  noTextsWhy,
  replySubject,
  usableHandles,
  waysTo,
  whatsAppTemplate,
} from './choose-channel.ts'
import styles from './composer.module.css'
import { useDraft, useDrafts } from './drafts-context.tsx'
import { useFiles, useFilesOf } from './files-context.tsx'
import { draftBefore, forwardDraft, isAddress, mailToForward } from './forward.ts'
import { ForwardHead } from './forward-head.tsx'
import { HandlePicker } from './handle-picker.tsx'
import { PreparedDialog } from './prepared-dialog.tsx'
import { TemplateDialog } from './template-dialog.tsx'
import { TextHint } from './text-hint.tsx'
import { useSend } from './use-send.ts'
import { useWhatsApp } from './use-whatsapp.ts'

type Props = { readonly card: PersonCard; readonly onSent: (alsoDone: boolean) => void }

const mailLimit = 25_000_000

/** Where answers are written. Text and mail go out; a note stays in the house and looks like it. */
export function Composer({ card, onSent }: Props) {
  const place = usePlace()
  const { personId, name, handles } = card
  const { state, act } = useWindow()
  const { query, entries } = useTimeline(personId)
  const [draft, change] = useDraft(personId)
  const files = useFilesOf(personId)
  const fileStore = useFiles()
  const drafts = useDrafts()
  const [templatesOpen, setTemplatesOpen] = useState(false)
  const [preparedOpen, setPreparedOpen] = useState(false)
  const body = useRef<HTMLTextAreaElement>(null)
  const fileInput = useRef<HTMLInputElement>(null)
  const send = useSend()

  const mode = draft.mode ?? defaultMode(handles, entries)
  const now = useNow('minute')
  const ways = waysTo(handles, mode, entries, now)
  const way = chosenWay(ways, draft)
  const handle = way?.handle ?? null
  const noTexts = noTextsWhy(handles)
  const isSetUp = useWhatsApp(mode === 'text')
  const template = mode === 'text' && handle ? whatsAppTemplate(handle, entries, { now, isSetUp }) : null
  const { forward } = draft
  const answers = mode === 'email' && !forward ? mailToAnswer(entries) : null
  const subject = draft.subject || (answers ? replySubject(answers.subject) : '')
  // What a customer wrote may look like a gap of ours.
  const gap = mode === 'note' || forward ? null : (firstGap(subject) ?? firstGap(draft.body))
  const size = files.reduce((sum, file) => sum + file.size, 0)
  const unreachable = forward ? !isAddress(forward.to) : mode !== 'note' && handle === null
  const empty = draft.body.trim() === '' && (mode !== 'email' || files.length === 0)

  const { focus } = state
  useEffect(() => {
    if (!focus) return
    if (focus.forward !== undefined) {
      // Which mail is the newest is known when they are there.
      if (query.isPending) return
      const mail = mailToForward(entries, focus.forward === 'newest' ? null : focus.forward)
      if (mail) drafts.set(personId, forwardDraft(mail, drafts.get(personId), place))
      else notifications.show({ message: `There is no mail of ${name} to forward.`, autoClose: 4000 })
    } else {
      const mode = focus.mode ?? null
      // Reply, text, note: whoever was passing a mail on does something else now.
      if (drafts.get(personId).forward) drafts.set(personId, draftBefore(drafts.get(personId)))
      if (mode) change({ mode })
      body.current?.focus()
    }
    act({ do: 'focused' })
  }, [focus, change, act, drafts, entries, query.isPending, personId, name, place])

  const trySend = (alsoDone: boolean) => {
    if (gap) {
      body.current?.focus()
      const inBody = firstGap(draft.body)
      if (inBody) body.current?.setSelectionRange(inBody.start, inBody.end)
      return
    }
    if (empty || unreachable || size > mailLimit) return
    void send({
      personId,
      name,
      mode,
      draft,
      files: mode === 'email' ? files : [],
      subject,
      handleId: handle?.id ?? null,
      service: way?.service ?? null,
      replyTo: answers?.id ?? null,
    }).then((kept) => {
      if (kept) onSent(alsoDone)
    })
  }
  const addFiles = (added: Iterable<File> | ArrayLike<File>) => {
    const list = Array.from(added)
    if (list.length === 0) return
    if (mode !== 'email' && usableHandles(handles, 'email').length > 0) change({ mode: 'email' })
    fileStore.set(personId, [...files, ...list].slice(0, 20))
  }
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    addFiles(event.dataTransfer.files)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is an extra; the paper clip does the same
    <div
      className={styles.composer}
      data-mode={mode}
      data-forward={forward ? '' : undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
      onKeyDown={(event) => {
        // The message has it, too; this is for the lines above it. React hands on keys of dialogs as well.
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
        if (!event.currentTarget.contains(event.target as Node)) return
        event.preventDefault()
        trySend(event.shiftKey)
      }}
    >
      {forward ? (
        <ForwardHead
          forward={forward}
          onChange={(next) => change({ forward: next })}
          onStop={() => drafts.set(personId, draftBefore(draft))}
        />
      ) : (
        <div className={styles.top}>
          <Tabs
            variant="pills"
            value={mode}
            onChange={(value) => change({ mode: value as ComposerMode })}
            classNames={{ tab: styles.tab ?? '', list: styles.tabs ?? '' }}
          >
            <Tabs.List aria-label="Answer by">
              {card.chat !== null && <Tabs.Tab value="chat">Chat</Tabs.Tab>}
              <Tabs.Tab
                value="text"
                {...(noTexts === null
                  ? {}
                  : {
                      title: noTexts,
                      'aria-description': noTexts,
                      'data-dim': true,
                      rightSection: <IconAlertTriangle size={12} aria-hidden="true" />,
                    })}
              >
                Text
              </Tabs.Tab>
              <Tabs.Tab value="email">E-mail</Tabs.Tab>
              <Tabs.Tab value="note">Note</Tabs.Tab>
            </Tabs.List>
          </Tabs>
          {mode === 'note' ? (
            <span className={styles.internal}>
              <IconNote size={14} aria-hidden="true" /> Internal note: only your team sees it
            </span>
          ) : mode === 'chat' && card.chat !== null ? (
            <ChatPresence chat={card.chat} handles={handles} onMail={() => change({ mode: 'email' })} />
          ) : (
            <HandlePicker
              mode={mode}
              handles={handles}
              ways={ways}
              chosen={way}
              zone={card.zone}
              onChoose={({ handle: { id: handleId }, service }) => change({ handleId, service })}
            />
          )}
        </div>
      )}
      {mode === 'email' && (
        <TextInput
          variant="unstyled"
          className={styles.subject ?? ''}
          aria-label="Subject"
          placeholder="Subject"
          maxLength={500}
          value={draft.subject || subject}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
      )}
      <BodyField
        field={body}
        mode={mode}
        name={name}
        value={draft.body}
        onChange={(text) => change({ body: text })}
        onSend={trySend}
        onTemplates={() => forward === null && setTemplatesOpen(true)}
        onFiles={addFiles}
      />
      <AttachmentChips
        files={mode === 'email' ? files : []}
        label="Files to send"
        onRemove={(file) =>
          fileStore.set(
            personId,
            files.filter((it) => it !== file),
          )
        }
      >
        {size > mailLimit &&
          'Together these files are over 25 MB, and most mail servers refuse that. Remove one, or send a link.'}
      </AttachmentChips>
      <div className={styles.bottom}>
        {mode !== 'note' && !forward && (
          <Tooltip label="Templates ( / in an empty message)">
            <ActionIcon variant="subtle" color="gray" aria-label="Templates" onClick={() => setTemplatesOpen(true)}>
              <IconTemplate size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        {template !== null && (
          <Tooltip
            label={
              template === 'first'
                ? 'Write by WhatsApp: the first message is a template'
                : 'WhatsApp template: their last WhatsApp message is over 24 hours old'
            }
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="WhatsApp template"
              onClick={() => setPreparedOpen(true)}
            >
              <IconBrandWhatsapp size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        {mode === 'email' && (
          <Tooltip label="Attach files">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Attach files"
              onClick={() => fileInput.current?.click()}
            >
              <IconPaperclip size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        <input
          ref={fileInput}
          type="file"
          multiple
          hidden
          aria-label="Files to attach"
          onChange={(event) => {
            addFiles(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <span className={styles.status}>
          {gap ? (
            <span className={styles.gap} role="alert">
              Fill in: {gapName((firstGap(draft.body) ? draft.body : subject).slice(gap.start, gap.end))}
            </span>
          ) : (
            mode === 'text' && <TextHint body={draft.body} way={way} />
          )}
        </span>
        <Button
          onClick={() => trySend(false)}
          disabled={empty || unreachable || size > mailLimit}
          aria-keyshortcuts="Control+Enter"
          color={mode === 'note' ? '#7a4d00' : 'indigo'}
          rightSection={mode === 'note' ? null : <IconSend size={15} aria-hidden="true" />}
        >
          {mode === 'note' ? 'Add note' : forward ? 'Forward' : 'Send'}
          <span className={styles.sendKey}>
            <KeyCap keys="mod+Enter" on="fill" />
          </span>
        </Button>
      </div>
      {preparedOpen && handle && (
        <PreparedDialog
          personId={personId}
          name={name}
          handle={handle}
          isFirst={template === 'first'}
          onClose={() => setPreparedOpen(false)}
          onSent={() => onSent(false)}
        />
      )}
      {templatesOpen && mode !== 'note' && (
        <TemplateDialog
          personId={personId}
          channel={mode === 'email' ? 'email' : 'sms'}
          onClose={() => setTemplatesOpen(false)}
          onFilled={(filled) => {
            setTemplatesOpen(false)
            change({ ...filled, mode })
            requestAnimationFrame(() => {
              const range = firstGap(filled.body)
              body.current?.focus()
              if (range) body.current?.setSelectionRange(range.start, range.end)
            })
          }}
        />
      )}
    </div>
  )
}
