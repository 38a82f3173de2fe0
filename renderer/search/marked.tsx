import { splitMarks } from './split-marks.ts'

/** Text with the matches of a search in `mark`. Never HTML. */
export function Marked({ text }: { readonly text: string }) {
  return splitMarks(text).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no identity but their place
    part.hit ? <mark key={index}>{part.text}</mark> : <span key={index}>{part.text}</span>,
  )
}
