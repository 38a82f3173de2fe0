import { open, rename, rm } from 'node:fs/promises'

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * A name from a mail as a name for a file here: no folders, no control characters, nothing Windows chokes on, no
 * right-to-left override that makes `exe.pdf` of `fdp.exe`.
 */
export function safeFileName(name: string): string {
  const cleaned = name
    .normalize('NFC')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '')
    .trim()
    .slice(-120)
  if (cleaned === '') return 'file'
  return reserved.test(cleaned) ? `_${cleaned}` : cleaned
}

/** All or nothing: written beside its place and moved there, so a full disk leaves no half file under the name. */
export async function writeWholeFile(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.part`
  try {
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
