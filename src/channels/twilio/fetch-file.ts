import { minute } from '../../lib/durations.ts'
import type { Log } from '../../lib/log.ts'
import { DeskbellError } from '../../rpc/errors.ts'
import type { ChannelContext, FileAsked, InboundFile } from '../channel.ts'
import type { TwilioClient } from './client.ts'
import { TwilioError } from './failure.ts'
import { firstPage } from './pages.ts'
import { problemOf } from './problems.ts'
import { mediaResource } from './resources.ts'
import { recordingOf } from './revision.ts'

/** Carriers cap a picture message at 5 MB; a two-hour recording is about 30 MB. */
const largestFile = 40 * 1024 * 1024
/** What somebody asks for and waits for: a day of recorded talk, over a slow line. */
const asked = { largest: 400 * 1024 * 1024, patience: 10 * minute }

export const mediaPath = (messageSid: string, mediaSid: string) => `/Messages/${messageSid}/Media/${mediaSid}`
export const recordingPath = (sid: string) => `/Recordings/${sid}.mp3`

/** The pictures of a text, in Twilio's order: the one in which they are stored. @throws TwilioError */
export async function listMedia(client: TwilioClient, messageSid: string, log: Log) {
  const list = { path: `/Messages/${messageSid}/Media.json`, key: 'media_list', query: {}, schema: mediaResource }
  return (await firstPage(client, list, log)).map(({ read }) => read)
}

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

/**
 * Fetches a picture or recording that was kept back, because it was large or Twilio could not hand it out in time.
 * @throws DeskbellError: NOT_FOUND when it is gone at Twilio
 */
export async function fetchKeptBack(
  client: TwilioClient,
  context: Pick<ChannelContext, 'revisions' | 'log'>,
  file: FileAsked,
): Promise<Uint8Array> {
  try {
    const path = await pathOf(client, context, file)
    const download = path === null ? undefined : await client.download(path, asked.largest, asked.patience)
    if (download === undefined) throw gone
    if (download === null) throw tooLarge
    return download.bytes
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error
    if (error.failure.kind === 'refused' && [404, 410].includes(error.failure.status)) throw gone
    const problem = problemOf(error.failure).error
    throw new DeskbellError(problem.fault === 'remote' ? { ...problem, message: notNow } : problem)
  }
}

async function pathOf(
  client: TwilioClient,
  { revisions, log }: Pick<ChannelContext, 'revisions' | 'log'>,
  { externalId, place }: FileAsked,
): Promise<string | null> {
  if (!externalId.startsWith('CA')) {
    const media = (await listMedia(client, externalId, log))[place]
    return media ? mediaPath(externalId, media.sid) : null
  }
  const sid = recordingOf((await revisions([externalId])).get(externalId) ?? '')
  return sid === null ? null : recordingPath(sid)
}

const refused = (code: 'NOT_FOUND' | 'CONFLICT', message: string) =>
  new DeskbellError({ code, message, fault: 'user', retryable: false })

const gone = refused(
  'NOT_FOUND',
  'Twilio does not have this file any more: it was deleted there. Ask whoever sent it to send it again.',
)

// Nobody tries again by themselves here, as the words for looks at the account say.
const notNow = 'Twilio could not hand out this file just now. Check the internet connection and try again in a minute.'

const tooLarge = refused('CONFLICT', 'This file is larger than 400 MB. Download it in the Twilio console.')
