import type { FormPage } from '../../src/channels/contract.ts'
import styles from './chat-preview.module.css'
import { readableOn } from './readable-on.ts'

/** How visitors see the page of a form. */
export function PagePreview({ page: { business, intro, colour, question } }: { readonly page: FormPage }) {
  const shown = /^#[0-9a-f]{6}$/i.test(colour) ? colour : '#1f2e6e'
  return (
    <figure className={styles.preview}>
      <figcaption>As visitors see it</figcaption>
      <div className={styles.paper} aria-hidden="true">
        <b dir="auto">{business}</b>
        {intro !== '' && <p dir="auto">{intro}</p>}
        {['Your name', 'E-mail', 'Phone (if you like)', question].map((label) => (
          <div key={label} className={styles.line} dir="auto">
            {label}
          </div>
        ))}
        <span className={styles.bell} style={{ background: shown, color: readableOn(shown) }}>
          Send
        </span>
      </div>
    </figure>
  )
}
