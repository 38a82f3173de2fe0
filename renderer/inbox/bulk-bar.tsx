import { Button, CloseButton } from '@mantine/core'
import { IconCheck, IconClock, IconRotate, IconUserCheck } from '@tabler/icons-react'
import type { InboxView } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { plural } from '../ui/time-format.ts'
import styles from './bulk-bar.module.css'
import { useLeadActions } from './use-lead-actions.ts'
import { useLeads } from './use-leads.ts'

/** What can be done to everything that is marked. */
export function BulkBar({ view }: { readonly view: InboxView }) {
  const { state, act } = useWindow()
  const { rows } = useLeads(view)
  const actions = useLeadActions()
  const leads = rows.filter((row) => state.checked.has(row.leadId))
  if (leads.length === 0) return null
  const title = plural(leads.length, 'lead')
  const clear = () => act({ do: 'uncheckAll' })
  const ask = (kind: 'snooze' | 'assign') =>
    act({ do: 'dialog', dialog: { kind, title, leadIds: leads.map((it) => it.leadId) } })
  return (
    <div className={styles.bar} role="toolbar" aria-label="Marked leads">
      <b className={styles.count}>{leads.length} marked</b>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconClock size={14} />}
        aria-label="Snooze all"
        onClick={() => ask('snooze')}
      >
        Snooze
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconUserCheck size={14} />}
        aria-label="Assign all"
        onClick={() => ask('assign')}
      >
        Assign
      </Button>
      <Button
        size="compact-sm"
        leftSection={view === 'done' ? <IconRotate size={14} /> : <IconCheck size={14} />}
        aria-label={view === 'done' ? 'Reopen all' : 'Done all'}
        onClick={() => {
          if (view === 'done') actions.reopen(leads)
          else actions.done(leads)
          clear()
        }}
      >
        {view === 'done' ? 'Reopen' : 'Done'}
      </Button>
      <CloseButton size="sm" aria-label="Unmark all" onClick={clear} />
    </div>
  )
}
