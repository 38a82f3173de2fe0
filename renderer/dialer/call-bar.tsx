import { Button } from '@mantine/core'
import { IconPhone, IconPhoneOff } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { callOutcomes } from '../../src/contact/outcomes.ts'
import { useAskMore } from '../inbox/use-ask-more.ts'
import { isCovered, isField } from '../keys/use-command-keys.ts'
import { useWindow } from '../shell/window-context.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import { useReport } from '../ui/report.tsx'
import { duration, plural } from '../ui/time-format.ts'
import styles from './call-bar.module.css'
import { useCallNote } from './use-call-note.ts'
import { type OpenCall, useCalls } from './use-calls.ts'

/** On top of everything while a call rings, is on, or wants its outcome. */
export function CallBar() {
  const calls = useCalls()
  if (!calls.current) return null
  return <Bar key={calls.current.interactionId} call={calls.current} others={calls.others} />
}

function Bar({ call, others }: { readonly call: OpenCall; readonly others: number }) {
  const { act } = useWindow()
  const calls = useCalls()
  const report = useReport()
  const askMore = useAskMore()
  const [note, setNote, forgetNote] = useCallNote(call.interactionId, call.note)
  const [saving, setSaving] = useState(false)
  const noteField = useRef<HTMLInputElement>(null)
  const ended = call.result === 'ended'

  const setOutcome = (outcome: number) => {
    if (saving) return
    setSaving(true)
    calls
      .setOutcome(call.interactionId, outcome, note)
      .then(() => {
        forgetNote()
        askMore(call.personId, outcome, call.interactionId)
      }, report)
      .finally(() => setSaving(false))
  }
  const press = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (!ended || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.target instanceof HTMLElement ? event.target : document.body
    if (!/^\d$/.test(event.key) || isField(target) || isCovered(target)) return
    event.preventDefault()
    setOutcome(Number(event.key))
  })
  useEffect(() => {
    const listener = (event: globalThis.KeyboardEvent) => press(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
  const leaveNote = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return
    event.preventDefault()
    event.currentTarget.blur()
  }

  return (
    <section className={styles.bar} data-state={call.result} aria-label="Call">
      <span className={styles.dot} aria-hidden="true" />
      <button
        type="button"
        className={styles.name}
        dir="auto"
        onClick={() => act({ do: 'open', personId: call.personId })}
      >
        {call.name}
      </button>
      <Timer call={call} />
      <span className={styles.what}>
        {whatHappens(call)}
        {others > 0 && ` · ${plural(others, 'more call')} after this`}
      </span>
      {call.problem && (
        <span className={styles.problem} role="alert">
          {call.problem}
        </span>
      )}
      <input
        ref={noteField}
        className={styles.note}
        aria-label="Call note"
        dir="auto"
        placeholder="Type a note, it is saved as you go"
        maxLength={10_000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={leaveNote}
      />
      {!ended && (
        <Button
          color="red.8"
          leftSection={<IconPhoneOff size={16} />}
          onClick={calls.hangUp}
          aria-keyshortcuts="Control+."
        >
          Hang up
        </Button>
      )}
      {ended && (
        <fieldset data-outcomes className={styles.outcomes} aria-label="How did the call go?">
          {callOutcomes.map((it) => (
            <button
              key={it.digit}
              type="button"
              className={styles.outcome}
              disabled={saving}
              aria-keyshortcuts={String(it.digit)}
              onClick={() => setOutcome(it.digit)}
            >
              <KeyCap keys={String(it.digit)} on="fill" />
              {it.label}
            </button>
          ))}
        </fieldset>
      )}
    </section>
  )
}

function Timer({ call }: { readonly call: OpenCall }) {
  const now = useNow()
  if (call.result === 'ringing') {
    return (
      <span className={styles.timer}>
        <IconPhone size={15} aria-hidden="true" /> {duration(now - call.startedAt)}
      </span>
    )
  }
  if (call.answeredAt === null) return null
  return <span className={styles.timer}>{duration((call.endedAt ?? now) - call.answeredAt)}</span>
}

function whatHappens(call: OpenCall): string {
  if (call.result === 'ringing') {
    return call.direction === 'out' ? `Pick up your phone; then ${call.number} rings` : `${call.number} is calling`
  }
  if (call.result === 'in_progress') return call.number
  return call.answeredAt === null ? `${call.number} · not answered. How did it go?` : `${call.number} · How did it go?`
}
