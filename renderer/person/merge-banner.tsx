import { Button } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import styles from './merge.module.css'
import { useMerge } from './use-merge.ts'

/** Somebody who looks like the one on the screen, as soon as they are there: one decision, and it is gone. */
export function MergeBanner({ personId }: { readonly personId: number }) {
  const { act } = useWindow()
  const { notSame } = useMerge()
  const found = useEngine('people.duplicates', { personId }).data?.duplicates ?? []
  const [first] = found
  if (!first) return null
  const pair = { personId, otherId: first.personId }
  const who = first.company ? `${first.name} · ${first.company}` : first.name
  return (
    <div className={styles.banner} role="status" aria-label="Maybe the same person">
      <IconUsers size={16} aria-hidden="true" />
      <span className={styles.bannerText} dir="auto">
        Looks like{' '}
        <b className={styles.bannerWho} title={who}>
          {who}
        </b>
        : {sentence(first.reasons)}
        {found.length > 1 && <span className={styles.more}> 1 of {found.length}.</span>}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Merge with ${first.name}…`}
        onClick={() => act({ do: 'dialog', dialog: { kind: 'merge', ...pair } })}
      >
        Merge…
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={`Not the same as ${first.name}`}
        onClick={() => notSame(pair, first.name)}
      >
        Not the same
      </Button>
    </div>
  )
}

/** "the same name at Lopez Builders. Signs with ana@lopez.example." */
const sentence = (reasons: readonly string[]) =>
  `${reasons.join('. ')}.`.replace(/^(The|Numbers|Signs|Gave) /, (it) => it.toLowerCase())
