import { Button, SegmentedControl, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Verdict } from '../../src/analyze/contract.ts'
import { host } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import { csvOf, type GroupBy, percent, type Report, type Row, rowsOf, took } from './report-words.ts'
import styles from './reports.module.css'
import { isLow } from './week-chart.tsx'

const names: Readonly<Record<GroupBy, string>> = { people: 'Person', channels: 'Channel', tiers: 'Tier' }

type Props = {
  readonly report: Report
  readonly onOpen: (row: Row, verdict?: Verdict) => void
}

/** The same by person, channel or tier; every number opens the leads it counts. */
export function GroupTable({ report, onOpen }: Props) {
  const [by, setBy] = useState<GroupBy>('people')
  const rows = rowsOf(report, by)
  const tell = useReport()
  const save = async () => {
    const bytes = new TextEncoder().encode(csvOf(rows, names[by]))
    const { path } = await host('saveFile', { suggestedName: `in-time-by-${names[by].toLowerCase()}.csv`, bytes })
    if (path !== null) notifications.show({ message: `Saved as ${path}`, color: 'teal' })
  }
  return (
    <section className={styles.card} aria-labelledby="groups-title">
      <header className={styles.cardHead}>
        <h2 id="groups-title">Who and how</h2>
        <SegmentedControl
          size="xs"
          aria-label="Group by"
          value={by}
          onChange={(value) => setBy(value as GroupBy)}
          data={[
            { value: 'people', label: 'Person' },
            { value: 'channels', label: 'Channel' },
            { value: 'tiers', label: 'Tier' },
          ]}
        />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} aria-hidden="true" />}
          onClick={() => void save().catch(tell)}
        >
          Save as CSV
        </Button>
      </header>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {[names[by], 'In time', 'Met', 'Late', 'Excused', 'Half within', 'In business hours'].map((it) => (
                <th
                  key={it}
                  scope="col"
                  title={it === 'Half within' ? 'The median: half of them were faster' : undefined}
                >
                  {it}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row" dir="auto">
                  {row.name}
                </th>
                <td data-low={isLow(row.tally) || undefined}>
                  {isLow(row.tally) && <IconAlertTriangle size={14} aria-label="Below the band" />}
                  {percent(row.tally)}
                </td>
                {(['met', 'missed', 'excused'] as const).map((verdict) => (
                  <td key={verdict}>
                    <Count row={row} verdict={verdict} onOpen={onOpen} />
                  </td>
                ))}
                <td>{took(row.took.wall.median)}</td>
                <td>{took(row.took.business.median)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

const verdictNames: Readonly<Record<Verdict, string>> = { met: 'in time', missed: 'late', excused: 'excused' }

type CountProps = { readonly row: Row; readonly verdict: Verdict; readonly onOpen: Props['onOpen'] }

function Count({ row, verdict, onOpen }: CountProps) {
  const number = row.tally[verdict]
  if (number === 0) return <span className={styles.none}>0</span>
  return (
    <UnstyledButton
      className={styles.count}
      aria-label={`${row.name}: ${number} ${verdictNames[verdict]}, show them`}
      onClick={() => onOpen(row, verdict)}
    >
      {number}
    </UnstyledButton>
  )
}
