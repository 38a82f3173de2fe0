import { Button, Menu } from '@mantine/core'
import {
  type Icon,
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPhoneX,
  IconRecordMail,
} from '@tabler/icons-react'
import { callOutcomes } from '../../src/contact/outcomes.ts'
import type { TimelineEntry } from '../../src/people/contract.ts'
import { useAskMore } from '../inbox/use-ask-more.ts'
import { call } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import { duration } from '../ui/time-format.ts'
import styles from './entry.module.css'
import { RichText } from './rich-text.tsx'
import { When } from './small-entries.tsx'
import { VoicemailPlayer } from './voicemail-player.tsx'

type CallOf = Extract<TimelineEntry, { kind: 'call' }>
type Props = {
  readonly entry: CallOf
  readonly personId: number
  readonly name: string
  readonly words: readonly string[]
}

/** A call: what the network says, what the human says about it, and what was spoken on the machine. */
export function CallEntry({ entry, personId, name, words }: Props) {
  const { text, icon: IconOf, missed } = describe(entry)
  const outcome = callOutcomes.find((it) => it.digit === entry.outcome)
  const isOver = !['ringing', 'in_progress', 'cancelled'].includes(entry.result)
  // Of theirs only what somebody took: a missed call is answered by calling back.
  const isAsked = isOver && (outcome !== undefined || entry.direction === 'out' || entry.result === 'answered')
  return (
    <article
      className={styles.card}
      data-missed={missed || undefined}
      data-out={entry.direction === 'out' || undefined}
      aria-label={`${text}, ${name}`}
    >
      <div className={styles.head} data-missed={missed || undefined}>
        <IconOf size={15} aria-hidden="true" />
        <b>{text}</b>
        <When at={entry.at} />
        {entry.durationMs !== null && entry.durationMs > 0 && (
          <span className={styles.when}>{duration(entry.durationMs)}</span>
        )}
        {entry.author && <span dir="auto">{entry.author}</span>}
        {entry.manual && <span className={styles.tag}>Logged by hand</span>}
        {isAsked && <SetOutcome entry={entry} personId={personId} label={outcome?.label ?? null} />}
      </div>
      {entry.problem && (
        <p className={styles.callNote} style={{ color: 'var(--db-late)' }} dir="auto">
          {entry.problem}
        </p>
      )}
      {entry.recording && <VoicemailPlayer recording={entry.recording} durationMs={entry.durationMs} />}
      {entry.text !== '' && (
        <p className={styles.callNote} dir="auto">
          <RichText text={entry.text} words={words} />
        </p>
      )}
      {entry.note && entry.note !== entry.text && (
        <p className={styles.callNote} dir="auto">
          <RichText text={entry.note} words={words} />
        </p>
      )}
    </article>
  )
}

type OutcomeProps = Pick<Props, 'entry' | 'personId'> & {
  /** What was said of it so far. */
  readonly label: string | null
}

/** How it went, to say it or to say something else; then what the engine cannot know: when to call back, why not. */
function SetOutcome({ entry, personId, label }: OutcomeProps) {
  const report = useReport()
  const askMore = useAskMore()
  return (
    <Menu>
      <Menu.Target>
        {label === null ? (
          <Button size="compact-xs" variant="light">
            How did it go?
          </Button>
        ) : (
          <button type="button" className={styles.tag} aria-label={`${label}. Change how it went`}>
            {label}
          </button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {callOutcomes.map((it) => (
          <Menu.Item
            key={it.digit}
            onClick={() =>
              void call('contact.setOutcome', { interactionId: entry.id, outcome: it.digit }).then(
                () => askMore(personId, it.digit, entry.id),
                report,
              )
            }
          >
            {it.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

type Description = { readonly text: string; readonly icon: Icon; readonly missed: boolean }

function describe(entry: CallOf): Description {
  const incoming = entry.direction === 'in'
  const plain = { icon: incoming ? IconPhoneIncoming : IconPhoneOutgoing, missed: false }
  switch (entry.result) {
    case 'ringing':
      return { ...plain, text: incoming ? 'Ringing now' : 'Calling' }
    case 'in_progress':
      return { text: 'On the phone', icon: IconPhone, missed: false }
    case 'answered':
      return { ...plain, text: incoming ? 'They called' : 'You called' }
    case 'missed':
      return { text: 'Missed call', icon: IconPhoneX, missed: true }
    case 'voicemail':
      return incoming
        ? { text: 'Missed call · voicemail', icon: IconRecordMail, missed: true }
        : { ...plain, text: 'You reached their voicemail' }
    case 'busy':
      return { ...plain, text: 'Busy' }
    case 'no_answer':
      return {
        text: incoming ? 'Missed call' : 'No answer',
        icon: incoming ? IconPhoneX : IconPhoneOutgoing,
        missed: incoming,
      }
    case 'failed':
      return { text: 'The call did not go through', icon: IconPhoneOff, missed: true }
    case 'cancelled':
      return {
        text: incoming ? 'They hung up before it rang through' : 'Call given up',
        icon: IconPhoneOff,
        missed: false,
      }
  }
}
