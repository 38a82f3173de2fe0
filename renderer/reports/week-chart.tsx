import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import { UnstyledButton } from '@mantine/core'
import type { Tally } from '../../src/analyze/contract.ts'
import type { Tier } from '../../src/inbox/contract.ts'
import { tierNames } from '../ui/score-words.ts'
import { plural } from '../ui/time-format.ts'
import { band, percent, percentOf, type Report, weekName } from './report-words.ts'
import styles from './reports.module.css'

// Told apart by their strokes, too.
const series = [
  { name: 'hot', label: 'Hot', color: 'var(--db-hot)' },
  { name: 'warm', label: 'Warm', color: 'var(--db-accent-text)', strokeDasharray: '7 4' },
  { name: 'nurture', label: 'Nurture', color: 'var(--db-cold)', strokeDasharray: '2 4' },
]

type Props = {
  readonly report: Report
  readonly onWeek: (week: Report['weeks'][number]) => void
}

/** Share in time of each tier, week by week, against the band of a healthy business; each week opens its leads. */
export function WeekChart({ report, onWeek }: Props) {
  const { weeks, zone } = report
  const seen = new Set<Tier>(report.tiers.map((it) => it.tier))
  const data = weeks.map(({ from, tiers }) => ({
    week: weekName(from, { zone }),
    ...Object.fromEntries(tiers.map(({ tier, tally }) => [tier, percentOf(tally)])),
  }))
  return (
    <section className={styles.card} aria-labelledby="weeks-title">
      <h2 id="weeks-title">In time, week by week</h2>
      <p className={styles.hint}>
        The band is {band.from}–{band.to}%: what a healthy business keeps.
      </p>
      <div aria-hidden="true">
        <LineChart
          h={210}
          data={data}
          dataKey="week"
          series={series.filter((it) => seen.has(it.name as Tier))}
          curveType="linear"
          withLegend
          connectNulls
          strokeWidth={2.5}
          yAxisProps={{ domain: [0, 100], ticks: [0, 20, 40, 60, 80, 100], width: 50, interval: 0 }}
          withXAxis={false}
          // Each dot over the middle of its week below.
          xAxisProps={{ scale: 'band' }}
          referenceAreas={[{ y1: band.from, y2: band.to, color: 'var(--db-ok)' }]}
          valueFormatter={(value) => `${value}%`}
          lineChartProps={{ margin: { right: 8, bottom: 8 } }}
          textColor="var(--db-dim)"
          gridColor="var(--db-line)"
        />
      </div>
      <ul className={styles.weeks} aria-label="Weeks">
        {weeks.map((week) => (
          <li key={week.from}>
            <UnstyledButton
              className={styles.week}
              data-low={isLow(week.tally) || undefined}
              aria-label={sentenceOf(week, zone)}
              title={sentenceOf(week, zone)}
              disabled={percentOf(week.tally) === null}
              onClick={() => onWeek(week)}
            >
              <b>{percent(week.tally)}</b>
              <span>{weekName(week.from, { zone })}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

export const isLow = (tally: Tally): boolean => (percentOf(tally) ?? 100) < band.from

function sentenceOf({ from, tally, tiers }: Report['weeks'][number], zone: string): string {
  const all = tally.met + tally.missed
  const name = `Week of ${weekName(from, { zone })}`
  if (all === 0) return `${name}: nothing was due`
  const each = tiers.map((it) => `${tierNames[it.tier]} ${percent(it.tally)}`).join(', ')
  return `${name}: ${tally.met} of ${plural(all, 'lead')} in time, ${percent(tally)} (${each})`
}
