import type { MethodOutput } from '../../src/rpc/contract.ts'
import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import styles from './predict.module.css'

type Report = NonNullable<MethodOutput<'predict.review'>['report']>

const share = (value: number) => `${Math.round(value)}%`
const percent = (value: number | undefined) => (value === undefined ? null : Math.round(1000 * value) / 10)
const ranks = ['Best', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th', '9th', 'Last']

/** How often leads were won by tenths of their score, by rules and model; and whether foreseen chances come true. */
export function PredictCharts({ report: { model, rules } }: { readonly report: Report }) {
  const tenths = model.deciles.map((bin, at) => ({
    tenth: ranks[at] ?? String(at + 1),
    'Your rules': percent(rules.deciles[at]?.observed),
    'What it learnt': percent(bin.observed),
    Foreseen: percent(bin.foreseen),
    Won: percent(bin.observed),
    interval: bin.interval,
    count: bin.count,
  }))
  return (
    <div className={styles.charts}>
      <figure className={styles.card}>
        <figcaption>
          <h3>Won, by tenths of the score</h3>
          <p className={styles.dim}>A good score falls from left to right. The steeper, the better.</p>
        </figcaption>
        <BarChart
          h={230}
          data={tenths}
          dataKey="tenth"
          series={[
            { name: 'Your rules', color: 'gray.5' },
            { name: 'What it learnt', color: 'indigo.5' },
          ]}
          withLegend
          valueFormatter={share}
          tickLine="none"
          gridAxis="x"
          barProps={{ isAnimationActive: false }}
        />
      </figure>
      <figure className={styles.card}>
        <figcaption>
          <h3>Foreseen and come true</h3>
          <p className={styles.dim}>The two lines should run together.</p>
        </figcaption>
        <LineChart
          h={230}
          data={tenths}
          dataKey="tenth"
          series={[
            { name: 'Foreseen', color: 'gray.5', strokeDasharray: '5 5' },
            { name: 'Won', color: 'teal.6' },
          ]}
          withLegend
          valueFormatter={share}
          tickLine="none"
          gridAxis="x"
          curveType="linear"
          lineProps={{ isAnimationActive: false }}
        />
      </figure>
      <details className={styles.numbers}>
        <summary>The numbers</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Tenth</th>
              <th scope="col">Leads</th>
              <th scope="col">Won, by your rules</th>
              <th scope="col">Won, by what it learnt</th>
              <th scope="col">Foreseen</th>
              <th scope="col">95% sure between</th>
            </tr>
          </thead>
          <tbody>
            {tenths.map((it) => (
              <tr key={it.tenth}>
                <th scope="row">{it.tenth}</th>
                <td>{it.count}</td>
                <td>{it['Your rules'] ?? '–'}%</td>
                <td>{it.Won}%</td>
                <td>{it.Foreseen}%</td>
                <td>
                  {percent(it.interval.low)} and {percent(it.interval.high)}%
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}
