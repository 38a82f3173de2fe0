import { Button } from '@mantine/core'
import { IconDoorExit, IconPointFilled } from '@tabler/icons-react'
import type { PersonCard } from '../../src/people/contract.ts'
import { useNow } from '../ui/now.tsx'
import { ago } from '../ui/time-format.ts'
import { usableHandles } from './choose-channel.ts'
import styles from './composer.module.css'

type Props = {
  readonly chat: NonNullable<PersonCard['chat']>
  readonly handles: PersonCard['handles']
  readonly onMail: () => void
}

/** Whether somebody is still in front of the chat; if not, what reaches them. */
export function ChatPresence({ chat: { leftAt }, handles, onMail }: Props) {
  const now = useNow('minute')
  if (leftAt === null) {
    return (
      <span className={styles.to} role="status">
        <IconPointFilled size={14} aria-hidden="true" /> On your website now
      </span>
    )
  }
  const canMail = usableHandles(handles, 'email').length > 0
  const advice = canMail ? 'answer by mail' : 'they see it when they come back'
  return (
    <span className={styles.internal} role="status">
      <IconDoorExit size={14} aria-hidden="true" /> They left the page {ago(leftAt, now)}; {advice}
      {canMail && (
        <Button size="compact-xs" variant="default" onClick={onMail}>
          Answer by mail
        </Button>
      )}
    </span>
  )
}
