import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import styles from './predict.module.css'

type Tiers = { readonly hotFrom: number; readonly warmFrom: number }
type Props = { readonly proposed: Tiers | null; readonly tiers: Tiers }

/** What to change about the rules: cut-offs that would tell more, rules that no lead fits. */
export function PredictAdvice({ proposed, tiers }: Props) {
  const { act } = useWindow()
  const dead = useEngine('score.deadRules', {}).data?.rules ?? []
  const isOther = proposed && (proposed.hotFrom !== tiers.hotFrom || proposed.warmFrom !== tiers.warmFrom)
  if (!isOther && dead.length === 0) return null
  return (
    <section className={styles.card} aria-label="What to change about your rules">
      <h3>Your rules</h3>
      {isOther && (
        <p>
          By how your leads ended, hot from <b>{proposed.hotFrom}</b> and warm from <b>{proposed.warmFrom}</b> would
          tell more than {tiers.hotFrom} and {tiers.warmFrom}: from there on leads are won twice as often as all, or at
          least as often.
        </p>
      )}
      {dead.length > 0 && (
        <>
          <p>No lead of the last 90 days fitted {dead.length === 1 ? 'this rule' : 'these rules'}:</p>
          <ul>
            {dead.map((it) => (
              <li key={it.rule} dir="auto">
                {it.label}
              </li>
            ))}
          </ul>
        </>
      )}
      <button
        type="button"
        className={styles.link}
        onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'score' } })}
      >
        Change the rules
      </button>
    </section>
  )
}
