import { existsSync, readFileSync } from 'node:fs'

// Beside the sources, beside the bundle, and where the image puts it.
const places = [
  '../../resources/relay/chat-widget.js',
  '../resources/relay/chat-widget.js',
  '../../../resources/relay/chat-widget.js',
]

/**
 * The chat of a website as it is sent to browsers: without comments and indentation, without the semicolon that guards a
 * file against the one before it.
 * @throws Error when the file is not there: the relay was not installed whole
 */
export function readWidget(): string {
  const found = places.map((it) => new URL(it, import.meta.url)).find((it) => existsSync(it))
  if (!found) throw new Error('resources/relay/chat-widget.js is missing beside the relay.')
  return shortened(readFileSync(found, 'utf8'))
}

/** Whole lines only, so that nothing inside a text can be taken for a comment. */
const shortened = (source: string): string =>
  source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//') && !/^\/\*\*.*\*\/$/.test(line))
    .join('\n')
    .replace(/^;/, '')
