import type { ChatSettings } from '../../src/channels/contract.ts'
import styles from './chat-preview.module.css'
import { readableOn } from './readable-on.ts'

type Props = { readonly settings: Pick<ChatSettings, 'name' | 'label' | 'greeting' | 'colour'> }

/** How visitors see it, before it is on any website. */
export function ChatPreview({ settings: { name, label, greeting, colour } }: Props) {
  const shown = /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#1f2e6e'
  const paint = { background: shown, color: readableOn(shown) }
  return (
    <figure className={styles.preview}>
      <figcaption>As visitors see it</figcaption>
      <div className={styles.panel} aria-hidden="true">
        <div className={styles.head} style={paint} dir="auto">
          {name}
        </div>
        <p className={styles.greeting} dir="auto">
          {greeting}
        </p>
      </div>
      <span className={styles.bell} style={paint} aria-hidden="true" dir="auto">
        {label}
      </span>
    </figure>
  )
}
