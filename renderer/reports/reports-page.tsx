import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconChartBar } from '@tabler/icons-react'
import { useState } from 'react'
import { type Basis, basis } from '../../src/analyze/contract.ts'
import { type ClockKind, clockKind } from '../../src/inbox/contract.ts'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { inWords, plural } from '../ui/time-format.ts'
import { type Behind, BehindDrawer } from './behind-drawer.tsx'
import { GroupTable } from './group-table.tsx'
import { band, kindNames, percent, type Report, tail, took, weekName } from './report-words.ts'
import styles from './reports.module.css'
import { useReportData } from './use-report-data.ts'
import { WeekChart } from './week-chart.tsx'

const basisNames: Readonly<Record<Basis, string>> = { decided: 'As decided then', today: 'By today’s calendar' }

/** Do we answer in time? Weeks, people and channels, with the leads behind every number. */
export function ReportsPage({ onWaiting }: { readonly onWaiting: () => void }) {
  const [weeks, setWeeks] = useState(8)
  const [kind, setKind] = useState<ClockKind>('first_contact')
  const [by, setBy] = useState<Basis>('decided')
  const [behind, setBehind] = useState<Behind | null>(null)
  const query = useReportData({ weeks, kind, basis: by })
  const report = query.data
  const open = (title: string, slice: Partial<Behind['slice']> = {}) => {
    if (report) setBehind({ title, slice: { kind, basis: by, from: report.from, to: report.to, ...slice } })
  }
  const nothing = report && total(report) === 0
  return (
    <section className={styles.page} aria-label="Reports">
      <header className={styles.header}>
        <div>
          <h1>Reports</h1>
          {report && (
            <p>
              {weekName(report.from, report)} to today · {plural(report.response.leads, 'lead')} came in
            </p>
          )}
        </div>
        <div className={styles.choices}>
          <Select
            aria-label="What is measured"
            data={clockKind.options.map((value) => ({ value, label: kindNames[value] }))}
            value={kind}
            allowDeselect={false}
            w={170}
            onChange={(value) => setKind(clockKind.parse(value))}
          />
          <Select
            aria-label="Whose verdict counts"
            data={basis.options.map((value) => ({ value, label: basisNames[value] }))}
            value={by}
            allowDeselect={false}
            w={180}
            onChange={(value) => setBy(basis.parse(value))}
          />
          <SegmentedControl
            aria-label="How far back"
            value={String(weeks)}
            onChange={(value) => setWeeks(Number(value))}
            data={[4, 8, 13].map((it) => ({ value: String(it), label: `${it} weeks` }))}
          />
        </div>
      </header>
      {query.isError && !report && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={320} radius="lg" aria-label="Counting" />}
      {report && (
        <Tiles report={report} kind={kind} onWaiting={onWaiting} onLate={() => open('Late', { verdict: 'missed' })} />
      )}
      {nothing && (
        <div className={styles.nothing}>
          <Empty icon={IconChartBar} title="Nothing was due in these weeks">
            <p>As soon as a deadline of this kind is met or missed, it is counted here.</p>
          </Empty>
        </div>
      )}
      {report && !nothing && (
        <>
          {report.worst && (
            <Worst worst={report.worst} onShow={(slice) => open('Late', { ...slice, verdict: 'missed' })} />
          )}
          <WeekChart
            report={report}
            onWeek={({ from, to }) => open(`Week of ${weekName(from, report)}`, { from, to })}
          />
          <GroupTable
            report={report}
            onOpen={({ name, slice }, verdict) => open(name, { ...slice, ...(verdict && { verdict }) })}
          />
          <p className={styles.hint}>
            Counted: every deadline that was met or has passed, in the week in which that happened. Left out: what is
            not due yet, who was no lead, who wanted no more messages, what you wanted of others, and what was excused.
          </p>
        </>
      )}
      <BehindDrawer behind={behind} onClose={() => setBehind(null)} />
    </section>
  )
}

const total = ({ total: { tally } }: Report) => tally.met + tally.missed + tally.excused

type WorstProps = {
  readonly worst: NonNullable<Report['worst']>
  readonly onShow: (slice: Pick<NonNullable<Report['worst']>, 'tier' | 'channel'>) => void
}

function Worst({ worst: { sentence, tier, channel }, onShow }: WorstProps) {
  return (
    <div className={styles.worst}>
      <IconAlertTriangle size={20} aria-hidden="true" />
      <p>{sentence}</p>
      <Button size="xs" variant="default" onClick={() => onShow({ tier, channel })}>
        Show them
      </Button>
    </div>
  )
}

type TilesProps = {
  readonly report: Report
  readonly kind: ClockKind
  readonly onWaiting: () => void
  readonly onLate: () => void
}

function Tiles({ report, kind, onWaiting, onLate }: TilesProps) {
  const now = useNow()
  const { tally } = report.total
  const { human, automatic } = report.response
  const { leads, oldestAt } = report.waiting
  return (
    <div className={styles.tiles}>
      <Tile name={`${kindNames[kind]}, in time`} value={percent(tally)}>
        {tally.met + tally.missed === 0
          ? 'Nothing was due'
          : `${tally.met} of ${tally.met + tally.missed} due; healthy is ${band.from}–${band.to} %`}
        {tally.excused > 0 && `; ${tally.excused} excused`}
        {tally.missed > 0 && (
          <Button className={styles.showThem ?? ''} variant="subtle" size="compact-xs" onClick={onLate}>
            Show the late
          </Button>
        )}
      </Tile>
      <Tile name="First answer by a human, median" value={took(human.wall.median)}>
        {human.wall.n > 0 && `${took(human.business.median)} in business hours. `}
        {tail(human.wall)}
      </Tile>
      <Tile name="First automatic answer, median" value={took(automatic.wall.median)}>
        {automatic.wall.n === 0 ? 'None was sent' : `${tail(automatic.wall)}; of ${plural(automatic.wall.n, 'lead')}`}
      </Tile>
      <Tile name="Wait for an answer now" value={String(leads)}>
        {oldestAt === null ? 'Nobody waits' : `The longest for ${inWords(now - oldestAt)}`}
        {leads > 0 && (
          <Button className={styles.showThem ?? ''} variant="subtle" size="compact-xs" onClick={onWaiting}>
            Show them
          </Button>
        )}
      </Tile>
    </div>
  )
}

type TileProps = { readonly name: string; readonly value: string; readonly children: React.ReactNode }

function Tile({ name, value, children }: TileProps) {
  return (
    <div className={styles.tile}>
      <h2>{name}</h2>
      <strong>{value}</strong>
      <p>{children}</p>
    </div>
  )
}
