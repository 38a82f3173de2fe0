import { Loader, Switch, useComputedColorScheme } from '@mantine/core'
import { IconPhotoOff } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useEngine } from '../rpc/queries.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { plural } from '../ui/time-format.ts'
import styles from './mail-frame.module.css'
import { measureFrame } from './measure-frame.ts'
import { frameDocument, sanitiseMail } from './sanitise-mail.ts'

/** A mail as its sender designed it, in a frame that can run nothing, load nothing and go nowhere. */
export function MailFrame({ interactionId }: { readonly interactionId: number }) {
  const mail = useEngine('people.mailHtml', { interactionId })
  const clean = useMemo(() => (mail.data ? sanitiseMail(mail.data.html) : null), [mail.data])
  if (mail.isError) return <ErrorNotice error={mail.error} onRetry={() => void mail.refetch()} />
  if (!clean) return <Loader size="sm" aria-label="The mail is being fetched" />
  return <Framed html={clean.html} blocked={clean.blocked} />
}

function Framed({ html, blocked }: { readonly html: string; readonly blocked: number }) {
  const dark = useComputedColorScheme('light') === 'dark'
  const [lightPaper, setLightPaper] = useState(true)
  const [height, setHeight] = useState(120)
  const box = useRef<HTMLDivElement>(null)
  const source = frameDocument(html, dark && !lightPaper ? 'dark' : 'light')

  useEffect(() => {
    const element = box.current
    if (!element) return
    let width = 0
    const observer = new ResizeObserver(() => {
      if (element.clientWidth === width) return
      width = element.clientWidth
      void measureFrame(source, width).then(setHeight)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [source])

  return (
    <div className={styles.mail}>
      {(blocked > 0 || dark) && (
        <div className={styles.bar}>
          {blocked > 0 && (
            <span className={styles.blocked}>
              <IconPhotoOff size={15} aria-hidden="true" />
              {plural(blocked, 'picture')} from the internet not loaded, so the sender does not see that you read this.
            </span>
          )}
          {dark && (
            <Switch
              size="xs"
              label="Light background"
              checked={lightPaper}
              onChange={(event) => setLightPaper(event.currentTarget.checked)}
            />
          )}
        </div>
      )}
      <div ref={box}>
        {/* allow-popups only lets a click on a link reach main, which opens nothing and asks the user. */}
        <iframe
          className={styles.frame}
          title="Original mail"
          sandbox="allow-popups"
          srcDoc={source}
          style={{ height }}
        />
      </div>
    </div>
  )
}
