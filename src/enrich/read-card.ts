import { spawn } from 'node:child_process'
import { second } from '../lib/durations.ts'
import { badInput, DeskbellError } from '../rpc/errors.ts'
import { readName } from './read-names.ts'
import { readSignature, type Signature } from './read-signature.ts'

/** The program that reads pictures, when this computer has one. */
export type CardReader = {
  readonly ready: () => Promise<boolean>
  /** The text on a picture. @throws DeskbellError */
  readonly read: (picture: Uint8Array) => Promise<string>
}

const timeLimit = 30 * second
const longestText = 100_000
const largestPicture = 20_000_000

/** What to do where no reader is installed, in words for this system. */
export function installNote(platform: NodeJS.Platform): string {
  const how =
    platform === 'darwin'
      ? 'run “brew install tesseract”'
      : platform === 'win32'
        ? 'install “Tesseract OCR” (UB Mannheim) and tick “Add to PATH”'
        : 'install the package “tesseract-ocr”'
  return `To read cards on this computer, ${how}, then start Deskbell again. Nothing is sent anywhere.`
}

/**
 * Tesseract as a child process: the picture goes in on its standard input, the text comes out. No shell, no file.
 * @param program its name on the search path, or its path
 */
export function makeCardReader(program: string, limit: number = timeLimit): CardReader {
  return {
    ready: async () => {
      try {
        return /tesseract/i.test(await run(program, ['--version'], new Uint8Array(), 5 * second))
      } catch {
        return false
      }
    },
    read: (picture) => {
      if (picture.byteLength === 0) throw badInput('This picture is empty.')
      if (picture.byteLength > largestPicture) throw badInput('This picture is larger than 20 MB. Take a smaller one.')
      // 6: one block of text, line by line, which is what a card is to a signature's reader.
      return run(program, ['stdin', 'stdout', '--psm', '6'], picture, limit)
    },
  }
}

function run(program: string, args: readonly string[], input: Uint8Array, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], shell: false, windowsHide: true })
    let out = ''
    let trouble = ''
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, limit)
    child.stdout.setEncoding('utf8')
    child.stderr.setEncoding('utf8')
    child.stdout.on('data', (text: string) => {
      if (out.length < longestText) out += text
    })
    child.stderr.on('data', (text: string) => {
      if (trouble.length < 2000) trouble += text
    })
    // It may end before it has read everything; its exit says how it went.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(unreadable('The program that reads pictures could not be started.', error.message))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(out || trouble)
      else if (isLate)
        reject(unreadable('This picture took too long to read. Take one of the card alone, in good light.', ''))
      else
        reject(
          unreadable(
            'This picture could not be read. Use a JPEG or PNG picture of the card alone, in good light.',
            trouble.slice(0, 500),
          ),
        )
    })
  })
}

const unreadable = (message: string, detail: string) =>
  new DeskbellError({ code: 'REFUSED', message, fault: 'user', retryable: false, detail })

export type Card = Omit<Signature, 'postcode'>

/** What stands on a card: a signature whose sender nobody knows yet. */
export function readCardText(text: string, country: string): Card {
  const lines = text
    .split('\n')
    .map((it) =>
      it
        .replace(/[|\\_~]+/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((it) => it !== '')
  const emails = [...text.matchAll(/[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}/giu)].map((it) =>
    it[0].toLowerCase(),
  )
  // A card often starts with the firm; the name is the first line that is one.
  const name = lines.map((it) => readName(it) ?? readName(it.split(/,| - /)[0] ?? '')).find((it) => it !== null) ?? null
  const signature = readSignature(
    lines,
    { sender: { name, email: emails[0] ?? null }, countries: [country], isOurs: () => false },
    true,
  )
  const empty: Card = { name, title: null, company: null, website: null, address: null, phones: [], emails: [] }
  const { postcode: _, ...read } = signature ?? { ...empty, postcode: null }
  return { ...read, name: read.name ?? name, emails: [...new Set(emails)] }
}
