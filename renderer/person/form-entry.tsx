import { IconForms } from '@tabler/icons-react'
import type { TimelineEntry } from '../../src/people/contract.ts'
import styles from './entry.module.css'
import { RichText } from './rich-text.tsx'
import { When } from './small-entries.tsx'

type Props = { readonly entry: Extract<TimelineEntry, { kind: 'form' }>; readonly words: readonly string[] }

const longField = 60

/** What they filled in, label beside answer; long answers get the whole width. */
export function FormEntry({ entry, words }: Props) {
  return (
    <article className={styles.card}>
      <div className={styles.head}>
        <IconForms size={15} aria-hidden="true" />
        <b dir="auto">{entry.formName}</b>
        <When at={entry.at} />
      </div>
      <dl className={styles.fields}>
        {entry.fields.map((field) => (
          <div
            key={`${field.label} ${field.value}`}
            className={styles.field}
            data-long={field.value.length > longField || undefined}
          >
            <dt dir="auto">{field.label}</dt>
            <dd dir="auto">
              <RichText text={field.value === '' ? '–' : field.value} words={words} />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
