import type { SampleKind } from './workspaces.ts'

export type CommandLine = {
  /** Open on the sample business; `--demo=ugly` on the one with ugly data. */
  readonly demo: SampleKind | null
  /** Save a picture of the painted window here and exit. */
  readonly picture: string | null
  /** Open the lead whose deadline is next, so that a picture shows more than the list. */
  readonly urgent: boolean
  readonly size: { readonly width: number; readonly height: number } | null
  /** Null: as the system is set. */
  readonly dark: boolean | null
}

/** Reads our own switches; Chromium's are none of our business. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const optionOf = (name: string) => {
    const inline = args.find((argument) => argument.startsWith(`--${name}=`))
    if (inline) return inline.slice(name.length + 3)
    const index = args.indexOf(`--${name}`)
    return index === -1 ? null : (args[index + 1] ?? null)
  }
  const [width, height] = (optionOf('size') ?? '').split('x').map(Number)
  return {
    demo: args.includes('--demo=ugly') ? 'ugly' : args.includes('--demo') ? 'brightwater' : null,
    picture: optionOf('picture'),
    urgent: args.includes('--urgent'),
    size: width && height ? { width, height } : null,
    dark: args.includes('--dark') ? true : args.includes('--light') ? false : null,
  }
}
