import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core'
import { IconPencil, IconPhonePlus, IconPlus, IconUserPlus, IconUserQuestion } from '@tabler/icons-react'
import { type InboxView, type ListName, nameIn } from '../../src/inbox/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { SearchField } from '../search/search-field.tsx'
import { SearchPanel } from '../search/search-panel.tsx'
import { AlertBar } from '../shell/alert-bar.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { Chip } from '../ui/chip.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useZoneNote } from '../ui/place.tsx'
import { plural } from '../ui/time-format.ts'
import { BulkBar } from './bulk-bar.tsx'
import { LeadList } from './lead-list.tsx'
import styles from './list-column.module.css'
import { PeopleOrder } from './people-order.tsx'

const titles: Readonly<Record<InboxView, string>> = {
  inbox: 'Inbox',
  waiting: 'Inbox',
  snoozed: 'Inbox',
  done: 'Inbox',
  hot: 'Hot',
  due: 'Due',
  mine: 'Mine',
  unassigned: 'Without an owner',
  calls: 'Calls',
  all: 'People',
  mentions: 'Mentions of you',
}

const segments: readonly { readonly value: InboxView; readonly label: string }[] = [
  { value: 'inbox', label: 'Open' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'snoozed', label: 'Snoozed' },
  { value: 'done', label: 'Done' },
]

/** The left column: what is late, a search, the rows, and the keys that work on them. */
export function ListColumn({ view }: { readonly view: ListName }) {
  const { state, act } = useWindow()
  const saved = useEngine('inbox.views', {}).data?.views.find((it) => `saved:${it.id}` === view)
  const isPeople = view === 'all' || nameIn(view) !== null
  const title = saved?.name ?? (isPeople ? titles.all : titles[view as InboxView]) ?? 'View'
  const searching = state.search.trim() !== ''
  const addByHand = () => act({ do: 'dialog', dialog: { kind: 'touch', person: null } })
  return (
    <section className={styles.column} aria-label={title}>
      <header className={styles.header}>
        <div className={styles.top}>
          <h1 className={styles.title} dir="auto">
            {title}
          </h1>
          {saved && (
            <Tooltip label="Change this view">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                aria-label="Change this view"
                onClick={() => act({ do: 'dialog', dialog: { kind: 'view', view: saved, query: saved.query } })}
              >
                <IconPencil size={15} />
              </ActionIcon>
            </Tooltip>
          )}
          {view === 'calls' && (
            <Tooltip label="Log a call">
              <ActionIcon
                variant="default"
                size={26}
                aria-label="Log a call with somebody else"
                onClick={() => act({ do: 'dialog', dialog: { kind: 'logCall', person: null } })}
              >
                <IconPhonePlus size={15} />
              </ActionIcon>
            </Tooltip>
          )}
          {isPeople ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden="true" />}
              onClick={addByHand}
            >
              Add person
            </Button>
          ) : (
            <>
              <Urgency view={view} />
              {view !== 'calls' && (
                <Tooltip label="Add a lead by hand: a walk-in, a referral, a fair">
                  <ActionIcon variant="default" size={26} aria-label="Add a lead by hand" onClick={addByHand}>
                    <IconUserPlus size={15} />
                  </ActionIcon>
                </Tooltip>
              )}
            </>
          )}
        </div>
        <SearchField />
        {segments.some((it) => it.value === view) && !searching && (
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Which leads"
            data={segments.map((it) => ({ ...it }))}
            value={view}
            onChange={(value) => act({ do: 'go', page: { kind: 'leads', view: value as InboxView } })}
          />
        )}
        {isPeople && !searching && <PeopleOrder view={view} />}
      </header>
      {searching ? <SearchPanel text={state.search} /> : <LeadList key={view} view={view} />}
      <div className={styles.feet}>
        <BulkBar view={view} />
        <AlertBar />
        <ZoneNote />
        <footer className={styles.foot} aria-hidden="true">
          <div className={styles.hints}>
            <Hint keys={['j', 'k']} word="move" />
            <Hint keys={['d']} word="call" />
            <Hint keys={['r']} word="reply" />
            <Hint keys={['e']} word="done" />
          </div>
          <button
            type="button"
            tabIndex={-1}
            className={styles.help}
            onClick={() => act({ do: 'dialog', dialog: { kind: 'help' } })}
          >
            <KeyCap keys="?" /> keys
          </button>
        </footer>
      </div>
    </section>
  )
}

/** Said once, in sight: the clock of this computer shows other times. */
function ZoneNote() {
  const note = useZoneNote()
  return note && <p className={styles.zone}>{note}</p>
}

function Hint({ keys, word }: { readonly keys: readonly string[]; readonly word: string }) {
  return (
    <span className={styles.hint}>
      {keys.map((key) => (
        <KeyCap key={key} keys={key} />
      ))}
      {word}
    </span>
  )
}

/** The engine stops counting there. */
const upTo999 = (count: number) => (count > 999 ? '999+' : String(count))

/** How many are late and how many soon will be: one click shows them. */
function Urgency({ view }: { readonly view: ListName }) {
  const { act } = useWindow()
  const { data } = useEngine('inbox.counts', {})
  if (!data) return null
  const toDue = () => act({ do: 'go', page: { kind: 'leads', view: 'due' } })
  return (
    <div className={styles.chips}>
      {data.late > 0 && (
        <button
          type="button"
          className={styles.chipButton}
          onClick={toDue}
          aria-label={`${plural(data.late, 'lead')} late. Show what is due`}
        >
          <Chip state="late">
            <b>{upTo999(data.late)}</b> late
          </Chip>
        </button>
      )}
      {data.atRisk > 0 && (
        <button
          type="button"
          className={styles.chipButton}
          onClick={toDue}
          aria-label={`${plural(data.atRisk, 'lead')} at risk. Show what is due`}
        >
          <Chip state="risk">
            <b>{upTo999(data.atRisk)}</b> at risk
          </Chip>
        </button>
      )}
      {data.unassigned > 0 && view === 'inbox' && data.late + data.atRisk === 0 && (
        <button
          type="button"
          className={styles.unowned}
          onClick={() => act({ do: 'go', page: { kind: 'leads', view: 'unassigned' } })}
        >
          <IconUserQuestion size={14} aria-hidden="true" /> {upTo999(data.unassigned)} without an owner
        </button>
      )}
    </div>
  )
}
