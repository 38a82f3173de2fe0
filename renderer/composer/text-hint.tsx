import type { TextService } from './choose-channel.ts'
import { SegmentCount } from './segment-count.tsx'

type Props = { readonly body: string; readonly service: TextService | null }

/**
 * What is to be known of a text before it goes: what it will cost, and that no file can go with it. Twilio fetches
 * pictures from a public web address, and a desktop has none.
 */
export function TextHint({ body, service }: Props) {
  if (body === '') return <>Words only: pictures and files go by e-mail</>
  return service === 'whatsapp' ? null : <SegmentCount text={body} />
}
