import { Button, SegmentedControl, Select, Skeleton, Tooltip } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
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
import { band, inLocalHours, kindNames, percent, type Report, tail, took, weekName } from './report-words.ts'
import styles from './reports.module.css'
import { useReportData } from './use-report-data.ts'
import { WeekChart } from './week-chart.tsx'

const basisNames: Readonly<Record<Basis, string>> = {
  decided: 'As judged at the time',
  today: 'By today’s opening hours',
}
const basisHint =
  'You may have changed deadlines or opening hours since. Each deadline is judged as it was then, or by what holds today.'

/** Weeks that are counted, and how many weeks ago the last of them was. */
const ranges = {
  this: { label: 'This week', weeks: 1, ago: 0 },
  last: { label: 'Last week', weeks: 1, ago: 1 },
  w4: { label: '4 weeks', weeks: 4, ago: 0 },
  w8: { label: '8 weeks', weeks: 8, ago: 0 },
  w13: { label: '13 weeks', weeks: 13, ago: 0 },
} as const
type Range = keyof typeof ranges
const isRange = (value: string | undefined): value is Range => value !== undefined && Object.hasOwn(ranges, value)

/** Do we answer in time? Weeks, people and channels, with the leads behind every number. */
export function ReportsPage({ onWaiting }: { readonly onWaiting: () => void }) {
  const [kept, setRange] = useLocalStorage<string>({
    key: 'deskbell.reportRange',
    defaultValue: 'w8',
    getInitialValueInEffect: false,
  })
  const { weeks, ago } = ranges[isRange(kept) ? kept : 'w8']
  const [kind, setKind] = useState<ClockKind>('first_contact')
  const [by, setBy] = useState<Basis>('decided')
  const [behind, setBehind] = useState<Behind | null>(null)
  const query = useReportData({ weeks, ago, kind, basis: by })
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
              {weekName(report.from, report)} to {ago > 0 ? weekName(report.to - 1, report) : 'today'} ·{' '}
              {plural(report.response.leads, 'lead')} came in
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
          <Tooltip label={basisHint} multiline maw={300}>
            <Select
              aria-label="Whose verdict counts"
              data={basis.options.map((value) => ({ value, label: basisNames[value] }))}
              value={by}
              allowDeselect={false}
              w={220}
              onChange={(value) => setBy(basis.parse(value))}
            />
          </Tooltip>
          <SegmentedControl
            aria-label="How far back"
            value={isRange(kept) ? kept : 'w8'}
            onChange={setRange}
            data={Object.entries(ranges).map(([value, { label }]) => ({ value, label }))}
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
      <p>{inLocalHours(sentence)}</p>
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
          : `${tally.met} of ${tally.met + tally.missed} due; healthy is ${band.from}–${band.to}%`}
        {tally.excused > 0 && `; ${tally.excused} excused`}
        {tally.missed > 0 && (
          <Button className={styles.showThem ?? ''} variant="subtle" size="compact-xs" onClick={onLate}>
            Show the late
          </Button>
        )}
      </Tile>
      <Tile name="First answer by a human, half within" hint={medianHint} value={took(human.wall.median)}>
        {human.wall.n > 0 && `${took(human.business.median)} in business hours. `}
        {tail(human.wall)}
      </Tile>
      <Tile name="First automatic answer, half within" hint={medianHint} value={took(automatic.wall.median)}>
        {automatic.wall.n === 0 ? 'None was sent' : `${tail(automatic.wall)}; of ${plural(automatic.wall.n, 'lead')}`}
      </Tile>
      <Tile name="Waiting for an answer now" value={String(leads)}>
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

const medianHint = 'The median: half of them were answered faster, half slower. One very late answer does not move it.'

type TileProps = {
  readonly name: string
  readonly value: string
  readonly hint?: string
  readonly children: React.ReactNode
}

function Tile({ name, value, hint, children }: TileProps) {
  return (
    <div className={styles.tile} title={hint}>
      <h2>{name}</h2>
      <strong>{value}</strong>
      <p>{children}</p>
    </div>
  )
}
