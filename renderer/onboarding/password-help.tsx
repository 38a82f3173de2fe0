import { IconInfoCircle, IconKey } from '@tabler/icons-react'
import { OutsideLink } from './outside-link.tsx'
import { providerHelp } from './provider-help.ts'
import styles from './setup-form.module.css'

/** What the provider wants instead of the usual password, before somebody is refused. */
export function PasswordHelp({ imapHost }: { readonly imapHost: string }) {
  const { title, text, link, needed } = providerHelp(imapHost)
  const IconOf = needed ? IconKey : IconInfoCircle
  return (
    <div className={styles.help} data-tone={needed ? 'needed' : 'calm'}>
      <IconOf size={18} aria-hidden="true" />
      <div>
        <b>{title}</b>
        <p>{text}</p>
        {link && <OutsideLink url={link.url}>{link.label}</OutsideLink>}
      </div>
    </div>
  )
}
