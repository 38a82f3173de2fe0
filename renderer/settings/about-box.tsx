import { useQuery } from '@tanstack/react-query'
import { host } from '../rpc/call.ts'
import styles from './settings.module.css'

/** The version, where the data is, and how passwords are kept: what somebody who helps will ask for. */
export function AboutBox() {
  const about = useQuery({ queryKey: ['host.about'], queryFn: () => host('about', {}) }).data
  const secrets = useQuery({ queryKey: ['host.secretsBackend'], queryFn: () => host('secretsBackend', {}) }).data
  if (!about) return null
  return (
    <div className={styles.box}>
      <h3 className={styles.boxTitle}>Deskbell {about.version}</h3>
      <div className={styles.dim}>Your data is in {about.dataFolder}</div>
      {secrets && (
        <div className={styles.dim} style={secrets.protected ? {} : { color: 'var(--db-late)' }}>
          {secrets.message}
        </div>
      )}
    </div>
  )
}
