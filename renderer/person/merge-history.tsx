import { Button, Group, Modal, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PersonCard } from '../../src/people/contract.ts'
import { call } from '../rpc/call.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { fullMoment, shortMoment } from '../ui/time-format.ts'
import styles from './merge.module.css'
import cardStyles from './person-card.module.css'

type Merge = PersonCard['merges'][number]

/** Who was merged into this one, each with the way to take them out again. */
export function MergeHistory({ card }: { readonly card: PersonCard }) {
  const place = usePlace()
  const now = useNow('minute')
  const [asking, setAsking] = useState<Merge | null>(null)
  if (card.merges.length === 0) return null
  return (
    <section>
      <h3 className={cardStyles.heading}>Merged with</h3>
      <ul className={styles.merges}>
        {card.merges.map((it) => (
          <li key={it.mergeId}>
            <span className={styles.mergedName} dir="auto" title={`${it.name}, ${fullMoment(it.at, place)}`}>
              {it.name}
              <span className={styles.since}> · {shortMoment(it.at, now, place)}</span>
            </span>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Take apart: ${it.name}`}
              onClick={() => setAsking(it)}
            >
              Take apart
            </Button>
          </li>
        ))}
      </ul>
      {asking && <TakeApart merge={asking} name={card.name} onClose={() => setAsking(null)} />}
    </section>
  )
}

type AskProps = { readonly merge: Merge; readonly name: string; readonly onClose: () => void }

function TakeApart({ merge, name, onClose }: AskProps) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const apart = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await call('people.unmerge', { mergeId: merge.mergeId })
      void client.invalidateQueries({ queryKey: ['people.allDuplicates'] })
      notifications.show({ message: `Two people again: ${name} and ${merge.name}`, autoClose: 4000 })
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Take these two apart?" size={440}>
      <Stack gap="md">
        <span style={{ overflowWrap: 'anywhere' }}>
          <bdi>{merge.name}</bdi> gets back what they had before. What came since goes to whose address or number it was
          sent from. They are not suggested as the same person again.
        </span>
        {problem !== null && <ErrorNotice error={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave them together
          </Button>
          <Button loading={busy} onClick={() => void apart()}>
            Take apart
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
