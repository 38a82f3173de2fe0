import { oneLead, type Provider } from './provider.ts'
import { verifyHeaderSecret } from './signature.ts'

/** Any form: every field under its own name. */
export const generic: Provider = {
  id: 'generic',
  detect: () => false,
  verify: (post, _body, secret) => verifyHeaderSecret(post, secret),
  read: ({ entries }) => oneLead({ answers: entries }),
}
