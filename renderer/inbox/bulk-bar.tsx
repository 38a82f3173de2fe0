import { ActionIcon, Button, CloseButton, Menu } from '@mantine/core'
import {
  IconBan,
  IconCheck,
  IconClock,
  IconDots,
  IconHourglass,
  IconPhoneOff,
  IconRotate,
  IconTag,
  IconTemplate,
  IconTrophy,
  IconUserCheck,
} from '@tabler/icons-react'
import type { ListName } from '../../src/inbox/contract.ts'
import { useWindow } from '../shell/window-context.tsx'
import { plural } from '../ui/time-format.ts'
import styles from './bulk-bar.module.css'
import { useCheckAll } from './use-check-all.ts'
import { useLeadActions } from './use-lead-actions.ts'
import { useLeads } from './use-leads.ts'

/** What can be done to everything that is marked, whether it is on screen or not. */
export function BulkBar({ view }: { readonly view: ListName }) {
  const { state, act } = useWindow()
  const { query, rows } = useLeads(view)
  const actions = useLeadActions()
  const checkAll = useCheckAll(view)
  if (state.checked.size === 0) return null
  const names = new Map(rows.map((row) => [row.leadId, row.name]))
  const leads = [...state.checked].map((leadId) => ({ leadId, name: names.get(leadId) ?? '' }))
  const title = plural(leads.length, 'lead')
  const clear = () => act({ do: 'uncheckAll' })
  const ask = (kind: 'snooze' | 'assign' | 'label' | 'template') =>
    act({ do: 'dialog', dialog: { kind, title, leadIds: leads.map((it) => it.leadId) } })
  const doing = (work: () => void) => () => {
    work()
    clear()
  }
  const moreToMark =
    rows.some((row) => !state.checked.has(row.leadId)) || (query.hasNextPage && leads.length <= rows.length)
  return (
    <div className={styles.bar} role="toolbar" aria-label="Marked leads">
      <b className={styles.count} role="status">
        {leads.length} marked
      </b>
      {moreToMark && (
        <Button size="compact-sm" variant="subtle" onClick={checkAll}>
          Mark all
        </Button>
      )}
      <CloseButton size="sm" aria-label="Unmark all" onClick={clear} />
      <div className={styles.deeds}>
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
          onClick={doing(() => (view === 'done' ? actions.reopen(leads) : actions.done(leads)))}
        >
          {view === 'done' ? 'Reopen' : 'Done'}
        </Button>
        <Menu position="top-end">
          <Menu.Target>
            <ActionIcon variant="default" size={26} aria-label="More for the marked leads">
              <IconDots size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconTag size={15} />} onClick={() => ask('label')}>
              Label
            </Menu.Item>
            <Menu.Item leftSection={<IconTemplate size={15} />} onClick={() => ask('template')}>
              Send a template
            </Menu.Item>
            <Menu.Item
              leftSection={<IconHourglass size={15} />}
              onClick={doing(() => actions.waiting(leads, view !== 'waiting'))}
            >
              {view === 'waiting' ? 'Our turn again' : 'Waiting for their answer'}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTrophy size={15} />}
              onClick={() => {
                const leadIds = leads.map((it) => it.leadId)
                act({ do: 'dialog', dialog: { kind: 'judge', title, leadIds, step: 'choose' } })
              }}
            >
              Won, lost, qualified
            </Menu.Item>
            <Menu.Item leftSection={<IconBan size={15} />} onClick={doing(() => actions.notALead(leads))}>
              Not a lead
            </Menu.Item>
            <Menu.Item leftSection={<IconPhoneOff size={15} />} onClick={doing(() => actions.block(leads))}>
              Block
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  )
}
