import { Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { CardHandle } from '../../src/people/contract.ts'
import type { ComposerMode } from '../shell/window-state.ts'
import { useNow } from '../ui/now.tsx'
import { clockTime } from '../ui/time-format.ts'
import { AllowAgain } from './allow-again.tsx'
import { landline, lineDoubt, type Way } from './choose-channel.ts'
import styles from './composer.module.css'

type Props = {
  readonly mode: Exclude<ComposerMode, 'note'>
  readonly handles: readonly CardHandle[]
  readonly ways: readonly Way[]
  readonly chosen: Way | null
  readonly zone: string | null
  readonly onChoose: (way: Way) => void
}

/** Which address or number it goes to; says why when there is none. */
export function HandlePicker({ mode, handles, ways, chosen, zone, onChoose }: Props) {
  const now = useNow('minute')
  if (!chosen) {
    const blocked = mode === 'text' ? handles.find((it) => it.kind === 'phone' && it.optedOutAt !== null) : undefined
    return (
      <>
        <span className={styles.cannot}>{whyNot(mode, handles)}</span>
        {blocked && <AllowAgain handle={blocked} />}
      </>
    )
  }
  const there = mode === 'text' && zone ? ` · ${clockTime(now, { zone })} there` : ''
  const text = `to ${inWords(chosen)}${there}`
  if (ways.length === 1) {
    return (
      <span className={styles.to} title={chosen.handle.value}>
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
        {ways.map((it) => (
          <Menu.Item key={`${it.handle.id} ${it.service}`} onClick={() => onChoose(it)}>
            {inWords(it)}
            {it.service === 'sms' && ways.some(({ service }) => service === 'whatsapp') ? ' by text' : ''}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

const inWords = ({ handle: { display, label }, service }: Way): string =>
  `${display}${label ? ` · ${label}` : ''}${service === 'whatsapp' ? ' by WhatsApp' : ''}`

function whyNot(mode: Exclude<ComposerMode, 'note'>, handles: readonly CardHandle[]): string {
  if (mode === 'chat') return 'They never wrote in the chat'
  const kind = mode === 'text' ? 'phone' : 'email'
  const all = handles.filter((it) => it.kind === kind)
  if (all.length === 0)
    return mode === 'text' ? 'No phone number yet: add one on the right' : 'No address yet: add one on the right'
  if (all.some((it) => it.optedOutAt !== null))
    return mode === 'text' ? 'They asked for no more texts' : 'They asked for no more mail'
  if (mode === 'text' && all.some((it) => lineDoubt(it) === 'told' && it.valid))
    return `${landline}. Call, or write a mail`
  return mode === 'text' ? 'The number is marked as wrong' : 'The address is marked as wrong'
}
