export type MarkPart = { readonly text: string; readonly hit: boolean }

const start = '\uE000'
const end = '\uE001'

/** Cuts a snippet at the engine's marks (U+E000 before, U+E001 after a match). Lone marks are dropped. */
export function splitMarks(snippet: string): readonly MarkPart[] {
  const parts: MarkPart[] = []
  let hit = false
  let text = ''
  const close = () => {
    if (text !== '') parts.push({ text, hit })
    text = ''
  }
  for (const letter of snippet) {
    if (letter !== start && letter !== end) {
      text += letter
      continue
    }
    close()
    hit = letter === start
  }
  close()
  return parts
}

/** The words a snippet found, to mark them again in the timeline. */
export function markedWords(snippet: string): readonly string[] {
  return [...new Set(splitMarks(snippet).flatMap((part) => (part.hit ? [part.text.toLocaleLowerCase()] : [])))]
}
