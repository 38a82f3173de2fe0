import type { InboundFile } from '../channel.ts'
import type { TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'

/** Carriers cap a picture message at 5 MB; a two-hour recording is about 30 MB. */
const largestFile = 40 * 1024 * 1024

export type FetchedFile = {
  readonly file: InboundFile
  /** False when it is worth trying again: the file is there, Twilio was just not able to hand it out. */
  readonly settled: boolean
}

/**
 * Fetches one picture or sound. What cannot be had never holds back the text or call it belongs to: the file is then
 * listed without its bytes.
 */
export async function fetchFile(
  client: TwilioClient,
  path: string,
  file: Pick<InboundFile, 'name' | 'contentType'>,
): Promise<FetchedFile> {
  const empty: InboundFile = { ...file, size: 0, contentId: null, bytes: null }
  try {
    const download = await client.download(path, largestFile)
    if (download === null) return { file: empty, settled: true }
    return { file: { ...empty, size: download.bytes.byteLength, bytes: download.bytes }, settled: true }
  } catch (error) {
    if (!(error instanceof TwilioError) || error.failure.kind === 'stopped') throw error
    const { failure } = error
    // The rest of the look would only meet the same refusal.
    if (failure.kind === 'refused' && (failure.status === 401 || failure.status === 429)) throw error
    return { file: empty, settled: failure.kind === 'refused' && failure.status < 500 }
  }
}
