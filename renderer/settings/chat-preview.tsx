import type { ChatSettings } from '../../src/channels/contract.ts'
import styles from './chat-preview.module.css'

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

/** As the relay chooses it: whichever has more contrast. */
function readableOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? '#000000' : '#ffffff'
}
