import type { Handle } from '../../src/people/contract.ts'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { shortMoment } from '../ui/time-format.ts'
import styles from './person-card.module.css'

/** What they allow: silence allows an answer, a "stop" forbids it. */
export function Consent({ handles }: { readonly handles: readonly Handle[] }) {
  const place = usePlace()
  const now = useNow('minute')
  const tags = (['phone', 'email'] as const).flatMap((kind) => {
    // What is marked as wrong is nobody who could agree to anything.
    const all = handles.filter((it) => it.kind === kind && it.valid)
    if (all.length === 0) return []
    const out = all.find((it) => it.optedOutAt !== null)
    const word = kind === 'phone' ? 'text' : 'mail'
    return out?.optedOutAt != null
      ? [{ key: kind, ok: false, text: `no ${word}s since ${shortMoment(out.optedOutAt, now, place)}` }]
      : [{ key: kind, ok: true, text: `${word} ok` }]
  })
  if (tags.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>Consent</h3>
      <div className={styles.tags}>
        {tags.map((it) => (
          <span key={it.key} className={styles.tag} data-ok={it.ok || undefined} data-no={!it.ok || undefined}>
            {it.text}
          </span>
        ))}
      </div>
    </section>
  )
}
