import { Button } from '@mantine/core'
import { IconCloudOff } from '@tabler/icons-react'
import { useEngine } from '../rpc/queries.ts'
import { useNow } from '../ui/now.tsx'
import styles from './banners.module.css'
import { cutOff, lastSync } from './cut-off.ts'
import { useOnline } from './use-online.ts'
import { useWindow } from './window-context.tsx'

/** No line to the outside: says what still works, and how old what one sees is, for each channel. */
export function OfflineBanner() {
  const { state, act } = useWindow()
  const online = useOnline()
  const now = useNow('minute')
  const accounts = useEngine('channels.list', {}).data?.accounts ?? []
  const out = cutOff(accounts, online, now)
  if (out.length === 0 || state.page.kind === 'health') return null
  return (
    <div className={styles.banner} data-kind="wait" data-long role="status">
      <IconCloudOff size={16} aria-hidden="true" />
      <span dir="auto">
        {online ? 'Some channels cannot be reached.' : 'No internet.'} Everything here works; what you send leaves by
        itself when the line is back. Last looked: {out.map((it) => lastSync(it, now)).join(' · ')}
      </span>
      <Button
        size="compact-xs"
        variant="white"
        color="dark"
        aria-label="Look at it: channels out of reach"
        onClick={() => act({ do: 'go', page: { kind: 'health' } })}
      >
        Look at it
      </Button>
    </div>
  )
}
