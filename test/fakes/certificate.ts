import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A self-made certificate for `localhost` and 127.0.0.1: nobody trusts it unless it is given as `ca`. */
export type Certificate = {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

export function makeCertificate(directory: string): Certificate {
  const certFile = join(directory, 'cert.pem')
  const keyFile = join(directory, 'key.pem')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ],
    { stdio: 'pipe' },
  )
  chmodSync(keyFile, 0o644)
  return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

/** A file for `NODE_EXTRA_CA_CERTS`: with it a process of its own trusts the servers of a test. */
export function trustFile(certificates: readonly string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'deskbell-trust-')), 'trusted.pem')
  writeFileSync(file, certificates.join('\n'))
  return file
}
