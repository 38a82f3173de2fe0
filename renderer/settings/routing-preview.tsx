import type { MethodOutput } from '../../src/rpc/contract.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { plural } from '../ui/time-format.ts'
import own from './routing.module.css'
import styles from './settings.module.css'

type Preview = MethodOutput<'route.preview'>
type Props = { readonly preview: Preview | null; readonly problem: unknown }

// More is no longer read.
const mostShown = 12

/** The last leads under the rules as they stand here: how many each would get, and whose would be somebody else's. */
export function RoutingPreview({ preview, problem }: Props) {
  if (preview === null) return problem ? <ErrorNotice error={problem} /> : null
  const { leads } = preview
  const perPerson = Map.groupBy(leads, (it) => it.would)
  const moved = leads.filter((it) => it.would !== it.now)
  return (
    <section className={styles.box} aria-label="Your last leads by these rules">
      <h3 className={styles.boxTitle}>Your last {plural(leads.length, 'lead')} by these rules</h3>
      {leads.length === 0 && <p className={styles.dim}>There is no lead yet to try them on.</p>}
      <ul className={own.counts}>
        {[...perPerson]
          .toSorted((a, b) => b[1].length - a[1].length)
          .map(([name, theirs]) => (
            <li key={name ?? ''}>
              <span className={styles.ellipsis} dir="auto">
                {name ?? 'Nobody at once'}
              </span>
              <span className={own.bar} aria-hidden="true">
                <span style={{ width: `${(100 * theirs.length) / leads.length}%` }} />
              </span>
              <span className={own.count}>{theirs.length}</span>
            </li>
          ))}
      </ul>
      {leads.length > 0 && (
        <p className={styles.dim}>
          {moved.length === 0
            ? 'Each would go to whoever has it.'
            : `${plural(moved.length, 'lead')} would go to somebody else than now:`}
        </p>
      )}
      <ul className={own.moved}>
        {moved.slice(0, mostShown).map((it) => (
          <li key={it.leadId} title={it.sentence}>
            <span className={styles.ellipsis} dir="auto">
              {it.name}
            </span>
            <span className={styles.dim} dir="auto">
              {it.now ?? 'nobody'} → {it.would ?? 'nobody'}
            </span>
          </li>
        ))}
      </ul>
      {moved.length > mostShown && <p className={styles.dim}>and {moved.length - mostShown} more</p>}
    </section>
  )
}
