import { Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import {
  type Icon,
  IconAt,
  IconBellFilled,
  IconChartBar,
  IconChecklist,
  IconClock,
  IconFlame,
  IconHeartbeat,
  IconInbox,
  IconMoon,
  IconPhone,
  IconPlus,
  IconSettings,
  IconSun,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react'
import { type InboxCounts, type InboxView, type ListName, nameIn } from '../../src/inbox/contract.ts'
import { needsLook } from '../health/health-words.ts'
import { useHealth } from '../health/use-health.ts'
import { viewIcons } from '../inbox/view-icons.ts'
import type { CommandId } from '../keys/commands.ts'
import { keyLabel } from '../keys/key-label.ts'
import { type Keymap, keyOf } from '../keys/presets.ts'
import { useEngine } from '../rpc/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import styles from './rail.module.css'
import { useWindow } from './window-context.tsx'

type Item = {
  readonly view: InboxView
  readonly label: string
  readonly icon: Icon
  readonly command: CommandId
  readonly count?: (counts: InboxCounts) => number
}

const items: readonly Item[] = [
  { view: 'inbox', label: 'Inbox', icon: IconInbox, command: 'go.inbox', count: (it) => it.inbox },
  { view: 'hot', label: 'Hot', icon: IconFlame, command: 'go.hot', count: (it) => it.hot },
  { view: 'due', label: 'Due', icon: IconClock, command: 'go.due', count: (it) => it.due },
  { view: 'mine', label: 'Mine', icon: IconUserCheck, command: 'go.mine', count: (it) => it.mine },
  { view: 'calls', label: 'Calls', icon: IconPhone, command: 'go.calls', count: (it) => it.calls },
  { view: 'all', label: 'People', icon: IconUsers, command: 'go.people' },
]

const partsOfInbox: readonly ListName[] = ['inbox', 'waiting', 'snoozed', 'done', 'unassigned']

/** The dark strip on the left: where to look, and how much is there. */
export function Rail() {
  const { state, act } = useWindow()
  const counts = useEngine('inbox.counts', {}).data
  const keymap = useKeymap()
  const { page } = state
  const mentions = counts?.mentions ?? 0
  const tasks = useEngine('tasks.counts', {}).data
  const isOn = (view: ListName) =>
    page.kind === 'leads' &&
    (page.view === view ||
      (view === 'inbox' && partsOfInbox.includes(page.view)) ||
      (view === 'all' && nameIn(page.view) !== null))
  return (
    <nav className={styles.rail} aria-label="Views">
      <span className={styles.logo} aria-hidden="true">
        <IconBellFilled size={20} />
      </span>
      {items.map(({ view, label, icon, command, count }) => (
        <RailItem
          key={view}
          label={label}
          hint={`${label}${keyHint(command, keymap)}`}
          icon={icon}
          number={counts && count ? count(counts) : 0}
          hot={view === 'hot'}
          on={isOn(view)}
          onGo={() => act({ do: 'go', page: { kind: 'leads', view } })}
        />
      ))}
      {(mentions > 0 || isOn('mentions')) && (
        <RailItem
          label="Mentions"
          hint={`Notes that call you${keyHint('go.mentions', keymap)}`}
          icon={IconAt}
          number={mentions}
          on={isOn('mentions')}
          onGo={() => act({ do: 'go', page: { kind: 'leads', view: 'mentions' } })}
        />
      )}
      <RailItem
        label="Tasks"
        hint={`Tasks${keyHint('go.tasks', keymap)}`}
        icon={IconChecklist}
        number={tasks?.mine ?? 0}
        on={page.kind === 'tasks'}
        onGo={() => act({ do: 'go', page: { kind: 'tasks' } })}
      />
      <RailItem
        label="Reports"
        hint={`Reports${keyHint('go.reports', keymap)}`}
        icon={IconChartBar}
        number={0}
        on={page.kind === 'reports'}
        onGo={() => act({ do: 'go', page: { kind: 'reports' } })}
      />
      <SavedViews />
      <span className={styles.spring} />
      <HealthButton />
      <ThemeButton />
      <SmallButton
        label="Settings"
        icon={IconSettings}
        on={page.kind === 'settings'}
        onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'business' } })}
      />
      <Me />
    </nav>
  )
}

/** " (g then i)", as the user has it; nothing for what has no key. */
function keyHint(command: CommandId, keymap: Keymap): string {
  const keys = keyOf(command, keymap)
  return keys ? ` (${keyLabel(keys).join(' then ')})` : ''
}

/** Views that somebody kept, in their order. */
function SavedViews() {
  const { state, act } = useWindow()
  const views = useEngine('inbox.views', {}).data?.views ?? []
  const counts = useEngine('inbox.viewCounts', {}, { enabled: views.length > 0 }).data?.counts ?? []
  return (
    <>
      <span className={styles.line} aria-hidden="true" />
      {views.map((view) => {
        const name: ListName = `saved:${view.id}`
        return (
          <RailItem
            key={view.id}
            label={view.name}
            hint={`${view.name}: ${view.query}`}
            icon={viewIcons[view.icon].icon}
            number={counts.find((it) => it.id === view.id)?.count ?? 0}
            most={99}
            on={state.page.kind === 'leads' && state.page.view === name}
            onGo={() => act({ do: 'go', page: { kind: 'leads', view: name } })}
          />
        )
      })}
      <RailItem
        label="New view"
        hint="A list of your own: a search, or a ready-made one"
        icon={IconPlus}
        number={0}
        on={false}
        onGo={() => act({ do: 'dialog', dialog: { kind: 'view', view: null, query: state.search.trim() } })}
      />
    </>
  )
}

type RailItemProps = {
  readonly label: string
  readonly hint: string
  readonly icon: Icon
  readonly number: number
  /** The highest number that is written out. */
  readonly most?: number
  readonly hot?: boolean
  readonly on: boolean
  readonly onGo: () => void
}

function RailItem({ label, hint, icon: IconOf, number, most = 999, hot = false, on, onGo }: RailItemProps) {
  const shown = number > most ? `${most}+` : String(number)
  return (
    <Tooltip label={hint} position="right" multiline maw={320}>
      <UnstyledButton
        className={styles.item}
        data-on={on || undefined}
        aria-current={on ? 'page' : undefined}
        aria-label={number > 0 ? `${label}, ${shown}` : label}
        onClick={onGo}
      >
        <span className={styles.icon}>
          <IconOf size={21} stroke={1.6} aria-hidden="true" />
          {number > 0 && (
            <span className={styles.badge} data-hot={hot || undefined}>
              {shown}
            </span>
          )}
        </span>
        <span className={styles.label} dir="auto">
          {label}
        </span>
      </UnstyledButton>
    </Tooltip>
  )
}

type SmallProps = {
  readonly label: string
  /** Under the icon, where there is room; else the label. */
  readonly word?: string
  readonly icon: Icon
  readonly on?: boolean
  readonly alarm?: boolean
  readonly onClick: () => void
}

function SmallButton({ label, word = label, icon: IconOf, on = false, alarm = false, onClick }: SmallProps) {
  return (
    <Tooltip label={label} position="right">
      <UnstyledButton
        className={styles.small}
        data-on={on || undefined}
        aria-current={on ? 'page' : undefined}
        aria-label={label}
        onClick={onClick}
      >
        <IconOf size={20} stroke={1.6} aria-hidden="true" />
        {alarm && <span className={styles.dot} />}
        <span className={styles.word} aria-hidden="true">
          {word}
        </span>
      </UnstyledButton>
    </Tooltip>
  )
}

function HealthButton() {
  const { state, act } = useWindow()
  const accounts = useEngine('channels.list', {}).data?.accounts ?? []
  const health = useHealth()
  const broken = accounts.filter(
    ({ id, state }) =>
      state === 'auth-failed' || state === 'backing-off' || needsLook(health.get(id) ?? { quiet: null }),
  ).length
  return (
    <SmallButton
      label={broken > 0 ? `Health: ${broken === 1 ? 'one channel needs' : `${broken} channels need`} you` : 'Health'}
      word="Health"
      icon={IconHeartbeat}
      on={state.page.kind === 'health'}
      alarm={broken > 0}
      onClick={() => act({ do: 'go', page: { kind: 'health' } })}
    />
  )
}

function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <SmallButton
      label={dark ? 'Switch to light' : 'Switch to dark'}
      word={dark ? 'Light' : 'Dark'}
      icon={dark ? IconSun : IconMoon}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    />
  )
}

function Me() {
  const { act } = useWindow()
  const me = useEngine('settings.get', {}).data?.me
  const member = useEngine('team.list', {}).data?.members.find((it) => it.id === me)
  const label = member ? `You are ${member.name}` : 'Say who you are'
  return (
    <Tooltip label={label} position="right">
      <UnstyledButton
        className={styles.me}
        aria-label={label}
        onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'team' } })}
      >
        <Avatar name={member?.name ?? '?'} size={32} />
      </UnstyledButton>
    </Tooltip>
  )
}
