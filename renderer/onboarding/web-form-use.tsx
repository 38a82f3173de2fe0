import { Button, Select } from '@mantine/core'
import { IconAlertTriangle, IconListCheck, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { publicUrlOfForm } from '../settings/relay-words.ts'
import { CopyBox } from './copy-box.tsx'
import { formSnippet, type QuestionKey, questions } from './form-snippet.ts'
import styles from './setup-form.module.css'
import { TestSteps } from './test-steps.tsx'
import { useLiveTest } from './use-live-test.ts'
import type { ProviderInfo } from './web-form-values.ts'

const choices = questions.map(({ key, label }) => ({ value: key, label }))

type Props = {
  readonly id: number
  readonly url: string
  /** Who sends the posts; undefined while that is not known. */
  readonly info: ProviderInfo | undefined
  /** Posts without the secret are refused. */
  readonly isSigned: boolean
}

/** What to do with a form that was made: put it on the website, and see that a lead arrives. */
export function WebFormUse({ id, url: ownUrl, info, isSigned }: Props) {
  const { test, run } = useLiveTest()
  const channels = useEngine('channels.list', {})
  // At a relay everybody reaches it, also while this computer sleeps.
  const url = publicUrlOfForm(channels.data?.accounts ?? [], id) ?? ownUrl
  if (url === '') {
    return (
      <p className={styles.note} role="status">
        This form has no address yet: another program uses it, or Deskbell is still starting. Look at Health.
      </p>
    )
  }
  return (
    <>
      <CopyBox label="Address of the form" text={url} />
      {isLocal(url) && (
        <div className={styles.help} data-tone="needed">
          <IconAlertTriangle size={18} aria-hidden="true" />
          <div>
            <b>This address works on this computer</b>
            <p>
              Visitors of a public website cannot reach it by themselves. Connect a relay under Settings, Channels and
              make a public address for this form, or have your website’s server pass the posts on to it.
            </p>
          </div>
        </div>
      )}
      {info && (
        <div className={styles.help} data-tone="calm">
          <IconListCheck size={18} aria-hidden="true" />
          <div>
            <b>{info.id === 'generic' ? 'Where to put it' : 'What to do on their side'}</b>
            <p>{info.steps}</p>
          </div>
        </div>
      )}
      {/* HTML alone cannot send the header that a secret travels in. */}
      {info?.id === 'generic' && !isSigned && <OwnForm url={url} />}
      <TestSteps
        test={test}
        expected={['Post the form', 'In the inbox']}
        good="A test lead came through."
        bad="The test lead did not come through"
      />
      <div className={styles.buttons}>
        <Button
          variant="default"
          leftSection={<IconSend size={16} />}
          loading={test.kind === 'running'}
          onClick={() => void run(() => call('channels.testForm', { id }))}
        >
          Send a test lead
        </Button>
      </div>
    </>
  )
}

/** A form of one's own: HTML to paste, with the one question that tells most. */
function OwnForm({ url }: { readonly url: string }) {
  const [question, setQuestion] = useState<QuestionKey>('timeline')
  return (
    <>
      <Select
        label="One question that tells you most"
        description="Its answer counts in the score."
        data={choices}
        allowDeselect={false}
        value={question}
        onChange={(value) => setQuestion(questions.find((it) => it.key === value)?.key ?? 'timeline')}
      />
      <CopyBox label="HTML for your website" text={formSnippet(url, question)} />
    </>
  )
}

const isLocal = (url: string) => ['127.0.0.1', 'localhost', '[::1]'].includes(URL.parse(url)?.hostname ?? '')
