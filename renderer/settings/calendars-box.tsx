import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Calendar, Settings } from '../../src/settings/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { CalendarDialog } from './calendar-dialog.tsx'
import { useSave } from './save-bar.tsx'
import styles from './settings.module.css'

type Props = { readonly settings: Pick<Settings, 'business' | 'calendars' | 'slaExceptions'> }

/** Hours beside those of the business: a second shop, whoever is on call, a shift. */
export function CalendarsBox({ settings }: Props) {
  const { business, calendars, slaExceptions } = settings
  const members = useEngine('team.list', {}).data?.members ?? []
  const { busy, problem, save } = useSave()
  const [editing, setEditing] = useState<Calendar | null>(null)
  const isNew = editing !== null && !calendars.some((it) => it.id === editing.id)
  const store = (next: readonly Calendar[], said: string) =>
    save(
      () => call('settings.saveCalendars', { calendars: [...next] }),
      () => said,
    ).then((done) => done && setEditing(null))
  const usedBy = (id: string) => [
    ...members.filter((it) => it.calendar === id).map((it) => it.name),
    ...slaExceptions.filter((it) => it.calendar === id).map((it) => `deadlines “${it.name}”`),
  ]
  const add = () =>
    setEditing({
      id: crypto.randomUUID(),
      name: '',
      zone: business.zone,
      hours: business.hours,
      alwaysOpen: false,
      days: { holidays: business.days.holidays, dates: [], feed: null },
    })
  return (
    <div className={styles.box}>
      <h3 className={styles.boxTitle}>Other calendars</h3>
      <div className={styles.dim}>
        For a second shop, a shift, or whoever is on call. Deadlines and people can go by them.
      </div>
      {calendars.map((it) => {
        const users = usedBy(it.id)
        return (
          <div key={it.id} className={styles.row}>
            <div className={styles.grow}>
              <div className={styles.ellipsis} dir="auto">
                <b>{it.name}</b>
              </div>
              <div className={`${styles.dim} ${styles.ellipsis}`} dir="auto">
                {users.length === 0 ? 'used by nobody yet' : `used by ${users.join(', ')}`}
              </div>
            </div>
            <Button size="compact-sm" variant="default" aria-label={`Edit ${it.name}`} onClick={() => setEditing(it)}>
              Edit
            </Button>
          </div>
        )
      })}
      <Button size="compact-sm" variant="default" mt={8} leftSection={<IconPlus size={14} />} onClick={add}>
        Add a calendar
      </Button>
      {problem !== null && editing === null && <ErrorNotice error={problem} />}
      {editing !== null && (
        <CalendarDialog
          calendar={editing}
          usedBy={usedBy(editing.id)}
          busy={busy}
          problem={problem}
          onSave={(changed) =>
            void store(
              isNew ? [...calendars, changed] : calendars.map((it) => (it.id === changed.id ? changed : it)),
              'Saved. Deadlines were computed anew.',
            )
          }
          onRemove={
            isNew
              ? null
              : () =>
                  void store(
                    calendars.filter((it) => it.id !== editing.id),
                    `${editing.name} was removed. Who used it goes by the hours of the business now.`,
                  )
          }
          onClose={() => setEditing(null)}
        />
      )}
    </div>
  )
}
