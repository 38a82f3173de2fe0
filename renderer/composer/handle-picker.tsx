import { Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Handle } from '../../src/people/contract.ts'
import type { ComposerMode } from '../shell/window-state.ts'
import { useNow } from '../ui/now.tsx'
import { clockTime } from '../ui/time-format.ts'
import { usableHandles } from './choose-channel.ts'
import styles from './composer.module.css'

type Props = {
  readonly mode: Exclude<ComposerMode, 'note'>
  readonly handles: readonly Handle[]
  readonly chosen: Handle | null
  readonly zone: string | null
  readonly onChoose: (handleId: number) => void
}

/** Which address or number it goes to; says why when there is none. */
export function HandlePicker({ mode, handles, chosen, zone, onChoose }: Props) {
  const now = useNow('minute')
  const usable = usableHandles(handles, mode)
  if (!chosen) return <span className={styles.cannot}>{whyNot(mode, handles)}</span>
  const there = mode === 'text' && zone ? ` · ${clockTime(now, { zone })} there` : ''
  const text = `to ${chosen.display}${chosen.label ? ` · ${chosen.label}` : ''}${there}`
  if (usable.length === 1) {
    return (
      <span className={styles.to} title={chosen.value}>
        <span className={styles.toText}>{text}</span>
      </span>
    )
  }
  return (
    <Menu position="top-end">
      <Menu.Target>
        <button type="button" className={styles.to} aria-label={`Send ${text}. Choose another`}>
          <span className={styles.toText}>{text}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {usable.map((it) => (
          <Menu.Item key={it.id} onClick={() => onChoose(it.id)}>
            {it.display}
            {it.label ? ` · ${it.label}` : ''}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function whyNot(mode: Exclude<ComposerMode, 'note'>, handles: readonly Handle[]): string {
  const kind = mode === 'text' ? 'phone' : 'email'
  const all = handles.filter((it) => it.kind === kind)
  if (all.length === 0)
    return mode === 'text' ? 'No phone number yet: add one on the right' : 'No address yet: add one on the right'
  if (all.some((it) => it.optedOutAt !== null))
    return mode === 'text' ? 'They asked for no more texts' : 'They asked for no more mail'
  return mode === 'text' ? 'The number does not work' : 'The address does not work'
}
