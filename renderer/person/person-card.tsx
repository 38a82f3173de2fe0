import { Button, Skeleton } from '@mantine/core'
import {
  IconCheck,
  IconChevronDown,
  IconMail,
  IconMessage2,
  IconPhone,
  IconPhonePlus,
  IconX,
} from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { Clock, PersonCard } from '../../src/people/contract.ts'
import type { Insight } from '../../src/score/text/contract.ts'
import { usableHandles } from '../composer/choose-channel.ts'
import { dueText, missedWords } from '../inbox/due-text.ts'
import { PersonLabels } from '../inbox/label-chips.tsx'
import { OutcomeCard } from '../inbox/outcome-card.tsx'
import { SlaChip } from '../inbox/sla-chip.tsx'
import type { Handlers } from '../keys/use-command-keys.ts'
import { useWindow } from '../shell/window-context.tsx'
import { PersonTasks } from '../tasks/person-tasks.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { stageNames } from '../ui/stage-names.ts'
import { clockTime, countdown, fullMoment, shortMoment, target } from '../ui/time-format.ts'
import { BlockedNotice, BlockPerson } from './block-person.tsx'
import { Consent } from './consent.tsx'
import { EditPerson } from './edit-person.tsx'
import { HandleList } from './handle-list.tsx'
import { intentNames, sureness, urgencyNames } from './intent-words.ts'
import { KnownFacts, Offers } from './known-facts.tsx'
import { MergeHistory } from './merge-history.tsx'
import styles from './person-card.module.css'
import { ScoreLedger } from './score-ledger.tsx'

type Props = { readonly card: PersonCard | undefined; readonly handlers: Handlers }

/** Who it is, what they are worth and why, and everything needed to reach them. */
export function PersonCardPane({ card, handlers }: Props) {
  if (!card) return <CardSkeleton />
  const { lead } = card
  return (
    <div className={styles.card}>
      <div className={styles.head}>
        <Avatar name={card.name} size={44} />
        <div className={styles.headText}>
          <EditPerson card={card} />
          <Where card={card} />
          {lead?.insight && <Wants insight={lead.insight} />}
        </div>
      </div>
      <BlockedNotice card={card} />
      <div className={styles.reach}>
        <Button
          size="compact-md"
          color="teal.9"
          leftSection={<IconPhone size={15} />}
          disabled={!handlers.dial}
          onClick={() => handlers.dial?.()}
        >
          Call
        </Button>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconMessage2 size={15} />}
          disabled={usableHandles(card.handles, 'text').length === 0}
          onClick={() => handlers.text?.()}
          aria-label={`Write a text to ${card.name}`}
        >
          Text
        </Button>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconMail size={15} />}
          disabled={usableHandles(card.handles, 'email').length === 0}
          onClick={() => handlers.mail?.()}
          aria-label={`Write a mail to ${card.name}`}
        >
          Mail
        </Button>
      </div>
      <Button
        className={styles.logCall ?? ''}
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPhonePlus size={15} />}
        rightSection={<KeyCap keys="o" />}
        disabled={!handlers.outcome}
        onClick={() => handlers.outcome?.()}
      >
        Log a call
      </Button>
      <PersonTasks personId={card.personId} name={card.name} nextStep={lead?.nextStep ?? null} />
      {lead && <PersonLabels row={lead.row} />}
      {lead && <ScoreLedger lead={lead} />}
      {lead && <OutcomeCard leadId={lead.row.leadId} name={card.name} />}
      {lead && lead.clocks.length > 0 && <Clocks card={card} />}
      <section>
        <h3 className={styles.heading}>Details</h3>
        <HandleList card={card} />
        <Offers personId={card.personId} />
        <KnownFacts personId={card.personId} title={card.title} />
        <dl className={styles.details}>
          {lead && <Detail label="Stage" value={stageNames[lead.stage]} />}
          {lead && <Detail label="Source" value={lead.source} hint={sourceHint(lead.sourceDetail)} />}
          {lead && <OwnerLine owner={lead.row.owner?.name ?? null} reason={lead.ownerReason} />}
          <Since at={lead?.openedAt ?? card.createdAt} label={lead ? 'Lead since' : 'Known since'} />
        </dl>
      </section>
      <MergeHistory card={card} />
      <Consent handles={card.handles} />
      <BlockPerson card={card} />
    </div>
  )
}

function Where({ card }: { readonly card: PersonCard }) {
  const now = useNow('minute')
  const there = card.zone ? `${clockTime(now, { zone: card.zone })} there` : null
  const parts = [card.region, there].filter((it) => it !== null)
  return parts.length > 0 ? <div className={styles.where}>{parts.join(' · ')}</div> : null
}

/** What they want, as their newest message says; to say otherwise is at the message. */
function Wants({ insight }: { readonly insight: Insight }) {
  const parts = [intentNames[insight.intent], urgencyNames[insight.urgency], insight.jobSize]
  return (
    <div className={styles.where} title={sureness(insight)} dir="auto">
      {parts.filter((it) => it !== null).join(' · ')}
    </div>
  )
}

const clockNames = {
  owned: 'Owned',
  first_contact: 'First contact',
  second_touch: 'Second try',
  next_reply: 'Reply',
  speed_of_answer: 'Picked up',
} as const

function Clocks({ card }: { readonly card: PersonCard }) {
  const lead = card.lead
  if (!lead) return null
  return (
    <section>
      <h3 className={styles.heading}>Clocks</h3>
      <ul className={styles.clocks}>
        {lead.clocks.map((clock) => (
          <li key={`${clock.kind} ${clock.startedAt}`}>
            <span>{clockNames[clock.kind]}</span>
            <ClockState clock={clock} card={card} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function ClockState({ clock, card }: { readonly clock: Clock; readonly card: PersonCard }) {
  const place = usePlace()
  const now = useNow('minute')
  const lead = card.lead
  if (clock.state === 'running' && lead) {
    // The moment of risk belongs to the running clock; for another open clock it is 80% of the way.
    const riskAt =
      lead.running?.kind === clock.kind ? lead.running.riskAt : clock.startedAt + (clock.dueAt - clock.startedAt) * 0.8
    const row = {
      ...lead.row,
      snoozedUntil: null,
      clock: { kind: clock.kind, startedAt: clock.startedAt, dueAt: clock.dueAt, riskAt },
    }
    return (
      <span className={styles.running}>
        <SlaChip row={row} zone={card.zone} />
        <span className={styles.dim}>
          {dueText(clock.dueAt, now, { here: place.zone, there: card.zone, name: card.name })}
        </span>
      </span>
    )
  }
  const allowed = target(clock.targetMs)
  const took = clock.stoppedAt === null ? null : clock.stoppedAt - clock.startedAt
  const when = clock.stoppedAt === null ? '' : shortMoment(clock.stoppedAt, now, place)
  if (clock.state === 'met') {
    return (
      <span className={styles.met} title={when}>
        <IconCheck size={14} aria-hidden="true" /> {took === null ? 'met' : `${countdown(took)} of ${allowed}`}
      </span>
    )
  }
  if (clock.state === 'missed') {
    return (
      <span
        className={styles.missed}
        title={took === null ? when : `It took ${countdown(took)}, ${allowed} were promised. ${when}`}
      >
        <IconX size={14} aria-hidden="true" /> {missedWords(clock)}
      </span>
    )
  }
  return <span className={styles.dim}>no longer needed</span>
}

function Detail({ label, value, hint }: { readonly label: string; readonly value: string; readonly hint?: string }) {
  return (
    <div className={styles.detail}>
      <dt>{label}</dt>
      <dd dir="auto" title={hint ?? value}>
        {value}
      </dd>
    </div>
  )
}

/** Whose they are, and on request why: the sentence that the routing wrote down, with the way to its rules. */
function OwnerLine({ owner, reason }: { readonly owner: string | null; readonly reason: string | null }) {
  const { act } = useWindow()
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <div className={styles.detail}>
        <dt>Owner</dt>
        <dd dir="auto">
          {owner ?? 'nobody yet'}
          {reason && (
            <button
              type="button"
              className={styles.why}
              aria-expanded={open}
              aria-controls={id}
              onClick={() => setOpen(!open)}
            >
              why? <IconChevronDown size={13} aria-hidden="true" />
            </button>
          )}
        </dd>
      </div>
      {open && reason && (
        <div id={id} className={styles.reason} dir="auto">
          {reason}
          <button type="button" onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'routing' } })}>
            Change rules
          </button>
        </div>
      )}
    </>
  )
}

function Since({ at, label }: { readonly at: number; readonly label: string }) {
  const place = usePlace()
  const now = useNow('minute')
  return <Detail label={label} value={shortMoment(at, now, place)} hint={fullMoment(at, place)} />
}

const sourceHint = (detail: Readonly<Record<string, string>>) =>
  Object.entries(detail)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n') || 'No more is known about where they came from'

function CardSkeleton() {
  return (
    <div className={styles.card} role="status" aria-label="The person is being fetched">
      <div className={styles.head}>
        <Skeleton circle height={44} />
        <Skeleton height={14} width={140} />
      </div>
      <Skeleton height={30} />
      <Skeleton height={90} />
      <Skeleton height={70} />
    </div>
  )
}
