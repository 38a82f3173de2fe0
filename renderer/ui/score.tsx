import { useEngine } from '../rpc/queries.ts'
import styles from './score.module.css'
import { gradeHint, type Judged, scoreFill, scoreSpoken, scoreWords } from './score-words.ts'

/** A bar for the eye and a number, or a word, for the mind. */
export function ScoreBar({ judged }: { readonly judged: Judged }) {
  const number = useScoreNumber()
  return (
    <span
      className={styles.score}
      data-tier={judged.tier}
      title={`${scoreSpoken(judged, number)}${number && judged.grade !== null ? `\n${gradeHint}` : ''}`}
    >
      <span className={styles.track}>
        <span className={styles.fill} style={{ width: `${scoreFill(judged, number)}%` }} />
      </span>
      {scoreWords(judged, number)}
    </span>
  )
}

/** Whether people see numbers: a choice of the settings, or enough leads a week. */
export function useScoreNumber(): boolean {
  return useEngine('settings.get', {}).data?.scoreShown.number ?? false
}
