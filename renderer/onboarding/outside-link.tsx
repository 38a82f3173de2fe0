import { IconExternalLink } from '@tabler/icons-react'
import { host } from '../rpc/call.ts'
import { useReport } from '../ui/report.tsx'
import styles from './setup-form.module.css'

/** A page of somebody else, opened in the browser. */
export function OutsideLink({ url, children }: { readonly url: string; readonly children: string }) {
  const report = useReport()
  return (
    <button
      type="button"
      className={styles.link}
      aria-description="Opens in your browser"
      title={url}
      onClick={() => void host('openExternal', { url }).catch(report)}
    >
      {children} <IconExternalLink size={14} aria-hidden="true" />
    </button>
  )
}
