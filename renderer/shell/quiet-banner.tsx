import { Button } from '@mantine/core'
import { IconMoonStars } from '@tabler/icons-react'
import { needsLook, quietSentence } from '../health/health-words.ts'
import { useHealth } from '../health/use-health.ts'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import styles from './banners.module.css'
import { useWindow } from './window-context.tsx'

/** A channel that died says nothing, and neither does anybody else: where somebody looks anyway. */
export function QuietBanner() {
  const { state, act } = useWindow()
  const now = useNow()
  const health = useHealth()
  const accounts = useEngine('channels.list', {}).data?.accounts ?? []
  const quiet = accounts.flatMap((account) => {
    const it = health.get(account.id)
    return it && needsLook(it) ? [{ account, sentence: quietSentence(account, it, now) }] : []
  })
  const [first] = quiet
  if (!first || state.page.kind === 'health') return null
  return (
    <div className={styles.banner} data-kind="wait" role="status">
      <IconMoonStars size={16} aria-hidden="true" />
      <span dir="auto">
        {quiet.length === 1
          ? `${first.account.label}: ${first.sentence}`
          : `${quiet.length} channels are quiet for longer than usual.`}
      </span>
      <Button
        size="compact-xs"
        variant="white"
        color="dark"
        aria-label="Look at it: quiet channels"
        onClick={() => act({ do: 'go', page: { kind: 'health' } })}
      >
        Look at it
      </Button>
    </div>
  )
}
