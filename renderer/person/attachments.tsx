import { Loader, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCloudDownload, IconDownload, IconFile, IconFileTypePdf, IconPhoto } from '@tabler/icons-react'
import { useState } from 'react'
import type { Attachment } from '../../src/people/contract.ts'
import { call, host } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import { bytes } from '../ui/time-format.ts'
import styles from './attachments.module.css'

/** Files of a message. They are saved where the user says and never opened from here. */
export function Attachments({ list }: { readonly list: readonly Attachment[] }) {
  if (list.length === 0) return null
  return (
    <ul className={styles.list} aria-label="Attachments">
      {list.map((it) => (
        <li key={it.id}>
          <AttachmentButton attachment={it} />
        </li>
      ))}
    </ul>
  )
}

function AttachmentButton({ attachment }: { readonly attachment: Attachment }) {
  const report = useReport()
  const [isFetching, setFetching] = useState(false)
  const save = async () => {
    if (!attachment.stored) {
      setFetching(true)
      await call('people.fetchFile', { attachmentId: attachment.id }).finally(() => setFetching(false))
    }
    const file = await call('people.attachment', { attachmentId: attachment.id })
    const { path } = await host('saveFile', { suggestedName: file.name, bytes: file.bytes })
    if (path !== null) notifications.show({ message: `Saved as ${path}`, color: 'teal' })
  }
  const IconOf = iconOf(attachment.contentType)
  const IconOfAction = attachment.stored ? IconDownload : IconCloudDownload
  const label = attachment.stored
    ? `Save ${attachment.name}`
    : isFetching
      ? `Fetching ${attachment.name}`
      : `Fetch ${attachment.name} and save it: it was too large to come in at once`
  return (
    <Tooltip label={label}>
      <button
        type="button"
        className={styles.file}
        aria-label={label}
        aria-disabled={isFetching}
        onClick={() => !isFetching && void save().catch(report)}
      >
        <IconOf size={18} stroke={1.6} aria-hidden="true" />
        <span className={styles.name} dir="auto">
          {attachment.name}
        </span>
        <span className={styles.size}>
          {/* Of a picture that Twilio kept nobody knows the size. */}
          {[attachment.size > 0 && bytes(attachment.size), !attachment.stored && 'not fetched yet']
            .filter(Boolean)
            .join(' · ')}
        </span>
        {isFetching ? <Loader size={15} aria-hidden="true" /> : <IconOfAction size={15} aria-hidden="true" />}
      </button>
    </Tooltip>
  )
}

function iconOf(contentType: string) {
  if (contentType.startsWith('image/')) return IconPhoto
  return contentType === 'application/pdf' ? IconFileTypePdf : IconFile
}
