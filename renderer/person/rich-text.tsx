import { useWindow } from '../shell/window-context.tsx'
import styles from './entry.module.css'
import { textParts } from './text-parts.ts'

type Props = { readonly text: string; readonly words: readonly string[] }

/** Plain text with addresses to click and searched words marked. A click shows where it leads before it opens. */
export function RichText({ text, words }: Props) {
  const { act } = useWindow()
  return textParts(text, words).map((part, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: the parts of one text have no identity but their place
    if (part.kind === 'mark') return <mark key={index}>{part.text}</mark>
    if (part.kind === 'url') {
      return (
        <button
          key={index}
          type="button"
          className={styles.url}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'link', url: part.text } })}
        >
          {part.text}
        </button>
      )
    }
    return <span key={index}>{part.text}</span>
    // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
  })
}
