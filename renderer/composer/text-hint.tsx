import { IconAlertTriangle } from '@tabler/icons-react'
import { lineDoubt, maybeLandline, type Way } from './choose-channel.ts'
import styles from './composer.module.css'
import { SegmentCount } from './segment-count.tsx'

type Props = { readonly body: string; readonly way: Way | null }

/**
 * What is to be known of a text before it goes: whether it may arrive, what it will cost, and that no file can go with it. Twilio fetches
 * pictures from a public web address, and a desktop has none.
 */
export function TextHint({ body, way }: Props) {
  const service = way?.service ?? null
  if (way && service === 'sms' && lineDoubt(way.handle) !== null) {
    return (
      <span className={styles.doubt}>
        <IconAlertTriangle size={14} aria-hidden="true" /> {maybeLandline}
      </span>
    )
  }
  if (body === '') return <>Words only: pictures and files go by e-mail</>
  return service === 'whatsapp' ? null : <SegmentCount text={body} />
}
