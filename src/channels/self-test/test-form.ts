import { minute } from '../../lib/durations.ts'
import { postForm } from '../forms/test-form.ts'
import type { StepEnd, TestRun } from './test-run.ts'
import { testWords } from './token.ts'

export type FormTest = {
  readonly formId: number
  readonly fetch: typeof fetch
  /** On this computer; null to test only the public address. */
  readonly url: string | null
  /** At the relay; null when none is connected to the form. */
  readonly publicUrl: string | null
  /** Of a form that takes signed posts only. */
  readonly secret: string | null
}

const comesWithin = 15_000
const relayedWithin = minute

/** Posts a form as a website does, here and through its public address, and waits until it is stored. */
export async function testForm(run: TestRun, { url, publicUrl, ...test }: FormTest): Promise<void> {
  if (url !== null) {
    const taken = await post(run, test, url, {
      way: 'local',
      name: 'Post the form on this computer',
      find: 'Find it in Deskbell',
      within: comesWithin,
      missing: 'The address took the post, but nothing was stored. Please report this.',
    })
    if (!taken) return
  }
  if (publicUrl !== null) {
    await post(run, test, publicUrl, {
      way: 'relay',
      name: 'Post it at its public address',
      find: 'Fetch it from the relay',
      within: relayedWithin,
      missing:
        'The relay took the post, but it did not come here within a minute. Look at the card of the relay on this page.',
    })
    return
  }
  await run.note(
    'The public address',
    'No relay is connected to this form, so Deskbell cannot see whether your website reaches it. Send a test from your website.',
  )
}

type Way = {
  readonly way: 'local' | 'relay'
  readonly name: string
  readonly find: string
  readonly within: number
  readonly missing: string
}

async function post(
  run: TestRun,
  { formId, fetch, secret }: Omit<FormTest, 'url' | 'publicUrl'>,
  url: string,
  { way, name, find, within, missing }: Way,
): Promise<boolean> {
  const key = `test-${run.token}-${way}`
  const arrived = run.expect((it) => it.accountId === formId && it.item.externalId === `key:${key}`, within)
  const fields = {
    name: testWords(run.token),
    email: 'test-lead@deskbell.example',
    message: `A test of the form. It went to ${new URL(url).host}.`,
  }
  const posted = await run.step(name, `Sending to ${new URL(url).host}…`, async (): Promise<StepEnd> => {
    const { ok, message, detail } = await postForm({ fetch, url, key, secret, fields })
    if (ok) return { state: 'ok', message }
    return { state: 'failed', message: way === 'relay' ? publicTrouble(url) : message, detail }
  })
  if (!posted) return false
  return run.step(find, 'Waiting for it…', async () =>
    (await arrived)
      ? { state: 'ok', message: 'It came, and Deskbell put it aside. It is in no list.' }
      : { state: 'failed', message: missing },
  )
}

const publicTrouble = (url: string): string =>
  `${new URL(url).host} did not take the form, so your website cannot hand in its forms either. Look at the card of the relay on this page; if all is well there, make the public address again in Settings, Channels.`
