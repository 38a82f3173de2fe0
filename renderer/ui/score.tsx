import type { Tier } from '../../src/inbox/contract.ts'
import styles from './score.module.css'

/** A bar for the eye and the number for the mind. */
export function ScoreBar({ score, tier }: { readonly score: number; readonly tier: Tier }) {
  return (
    <span className={styles.score} data-tier={tier} title={`Score ${score} of 100, ${tier}`}>
      <span className={styles.track}>
        <span className={styles.fill} style={{ width: `${score}%` }} />
      </span>
      {score}
    </span>
  )
}
