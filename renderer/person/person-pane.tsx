import { Button, Drawer, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowLeft, IconCheck, IconClock, IconId, IconInbox, IconRotate, IconUserCheck } from '@tabler/icons-react'
import { Composer } from '../composer/composer.tsx'
import { SlaChip } from '../inbox/sla-chip.tsx'
import { shownKeys } from '../keys/presets.ts'
import type { Handlers } from '../keys/use-command-keys.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { KeyCap } from '../ui/key-cap.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import { MergeBanner } from './merge-banner.tsx'
import { PersonCardPane } from './person-card.tsx'
import styles from './person-pane.module.css'
import { Timeline } from './timeline.tsx'
import { useSeenMentions } from './use-seen-mentions.ts'

type Props = { readonly personId: number | null; readonly handlers: Handlers }

/** The middle and the right of the window: what was said, the answer, and who it is. */
export function PersonPane({ personId, handlers }: Props) {
  if (personId === null) {
    return (
      <section className={styles.pane} aria-label="Nobody chosen">
        <Empty icon={IconInbox} title="Pick somebody on the left">
          Move with <KeyCap keys="j" /> and <KeyCap keys="k" />, or press <KeyCap keys="mod+j" /> for the most urgent
          lead.
        </Empty>
      </section>
    )
  }
  return <Person key={personId} personId={personId} handlers={handlers} />
}

function Person({ personId, handlers }: { readonly personId: number; readonly handlers: Handlers }) {
  useSeenMentions(personId)
  const { state, act } = useWindow()
  const wide = useMediaQuery('(min-width: 1180px)', true, { getInitialValueInEffect: false })
  const onePane = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false })
  const card = useEngine('people.card', { personId })
  if (card.isError && !card.data) {
    return (
      <section className={styles.pane} aria-label="Person">
        <div className={styles.notice}>
          <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />
        </div>
      </section>
    )
  }
  const lead = card.data?.lead ?? null
  const row = lead?.row
  const closed = row?.status === 'done' || row?.status === 'not_lead'
  const closeCard = () => act({ do: 'card', open: false })
  return (
    <>
      <section className={styles.pane} aria-label={card.data ? `Conversation with ${card.data.name}` : 'Conversation'}>
        <header className={styles.header}>
          <div className={styles.titleLine}>
            {onePane && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-sm"
                px={6}
                aria-label="Back to the list"
                onClick={() => act({ do: 'back' })}
              >
                <IconArrowLeft size={18} />
              </Button>
            )}
            {card.data ? (
              <h2 className={styles.name} dir="auto" title={card.data.name}>
                {card.data.name}
              </h2>
            ) : (
              <Skeleton height={18} width={160} />
            )}
            {row && (
              <span className={styles.tier} data-tier={row.tier}>
                {row.tier}
              </span>
            )}
            {row && (
              <span className={styles.assigned} dir="auto">
                {row.owner ? row.owner.name : 'nobody yet'}
              </span>
            )}
            {row && <SlaChip row={row} long />}
          </div>
          <div className={styles.buttons}>
            <Action icon={IconClock} label="Snooze" keys="h" onClick={handlers.snooze} />
            <Action icon={IconUserCheck} label="Assign" keys="a" onClick={handlers.assign} />
            {closed ? (
              <Action icon={IconRotate} label="Open again" keys="shift+e" onClick={handlers.reopen} />
            ) : (
              <Action icon={IconCheck} label="Done" keys="e" onClick={handlers.done} main />
            )}
            {!wide && (
              <Button
                variant="default"
                size="compact-md"
                leftSection={<IconId size={16} />}
                rightSection={<KeyCap keys="i" />}
                aria-keyshortcuts="i"
                onClick={() => act({ do: 'card', open: true })}
              >
                Details
              </Button>
            )}
          </div>
        </header>
        {card.data && <MergeBanner personId={card.data.personId} />}
        <Timeline personId={personId} name={card.data?.name ?? 'this person'} />
        {card.data && <Composer card={card.data} onSent={(alsoDone) => alsoDone && handlers.done?.()} />}
      </section>
      {wide ? (
        <aside className={styles.card} aria-label="Person">
          <PersonCardPane card={card.data} handlers={handlers} />
        </aside>
      ) : (
        <Drawer opened={state.cardOpen} onClose={closeCard} position="right" size={330} title="Details">
          <PersonCardPane card={card.data} handlers={handlers} />
        </Drawer>
      )}
    </>
  )
}

type ActionProps = {
  readonly icon: typeof IconClock
  readonly label: string
  readonly keys: string
  readonly main?: boolean
  readonly onClick: (() => void) | undefined
}

function Action({ icon: IconOf, label, keys, main = false, onClick }: ActionProps) {
  const shown = shownKeys(keys, useKeymap())
  return (
    <Button
      size="compact-md"
      variant={main ? 'filled' : 'default'}
      {...(main ? { color: 'teal.9' } : {})}
      leftSection={<IconOf size={16} stroke={1.8} aria-hidden="true" />}
      rightSection={<KeyCap keys={keys} on={main ? 'fill' : 'pane'} />}
      {...(shown === null ? {} : { 'aria-keyshortcuts': shown.replace('mod', 'Control') })}
      disabled={!onClick}
      onClick={() => onClick?.()}
    >
      {label}
    </Button>
  )
}
