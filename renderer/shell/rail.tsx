import { Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import {
  type Icon,
  IconBellFilled,
  IconClock,
  IconFlame,
  IconHeartbeat,
  IconInbox,
  IconMoon,
  IconPhone,
  IconSettings,
  IconSun,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react'
import type { InboxCounts, InboxView } from '../../src/inbox/contract.ts'
import { needsLook } from '../health/health-words.ts'
import { useHealth } from '../health/use-health.ts'
import { type CommandId, mainKey } from '../keys/commands.ts'
import { keyLabel } from '../keys/key-label.ts'
import { useEngine } from '../rpc/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
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

const partsOfInbox: readonly InboxView[] = ['inbox', 'waiting', 'snoozed', 'done', 'unassigned']

/** The dark strip on the left: where to look, and how much is there. */
export function Rail() {
  const { state, act } = useWindow()
  const counts = useEngine('inbox.counts', {}).data
  const { page } = state
  const isOn = (view: InboxView) =>
    page.kind === 'leads' && (page.view === view || (view === 'inbox' && partsOfInbox.includes(page.view)))
  return (
    <nav className={styles.rail} aria-label="Views">
      <span className={styles.logo} aria-hidden="true">
        <IconBellFilled size={20} />
      </span>
      {items.map(({ view, label, icon: IconOf, command, count }) => {
        const number = counts && count ? count(counts) : 0
        return (
          <Tooltip key={view} label={`${label} (${keyLabel(mainKey(command) ?? '').join(' then ')})`} position="right">
            <UnstyledButton
              className={styles.item}
              data-on={isOn(view) || undefined}
              aria-current={isOn(view) ? 'page' : undefined}
              aria-label={number > 0 ? `${label}, ${number}` : label}
              onClick={() => act({ do: 'go', page: { kind: 'leads', view } })}
            >
              <span className={styles.icon}>
                <IconOf size={21} stroke={1.6} aria-hidden="true" />
                {number > 0 && (
                  <span className={styles.badge} data-hot={view === 'hot' || undefined}>
                    {number > 999 ? '999+' : number}
                  </span>
                )}
              </span>
              <span className={styles.label}>{label}</span>
            </UnstyledButton>
          </Tooltip>
        )
      })}
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

type SmallProps = {
  readonly label: string
  readonly icon: Icon
  readonly on?: boolean
  readonly alarm?: boolean
  readonly onClick: () => void
}

function SmallButton({ label, icon: IconOf, on = false, alarm = false, onClick }: SmallProps) {
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
