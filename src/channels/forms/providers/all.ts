import type { Post } from '../post.ts'
import type { Body } from '../read-body.ts'
import { calendly } from './calendly.ts'
import type { ProviderId } from './catalog.ts'
import { contactForm7 } from './contact-form-7.ts'
import { elementor } from './elementor.ts'
import { generic } from './generic.ts'
import { google } from './google.ts'
import { gravity } from './gravity.ts'
import { jotform } from './jotform.ts'
import { meta } from './meta.ts'
import type { Provider } from './provider.ts'
import { standard } from './standard.ts'
import { typeform } from './typeform.ts'
import { webflow } from './webflow.ts'
import { wpforms } from './wpforms.ts'

const providers: Readonly<Record<ProviderId, Provider>> = {
  google,
  meta,
  typeform,
  jotform,
  webflow,
  calendly,
  gravity,
  wpforms,
  'contact-form-7': contactForm7,
  elementor,
  // Its headers may be around anybody's body, so it is asked last.
  standard,
  generic,
}

/** The provider a form is set to; for `generic` the one the post can only be of. */
export function providerOf(id: ProviderId, body: Body, post: Post): Provider {
  if (id !== 'generic') return providers[id]
  return Object.values(providers).find((it) => it.detect(body, post)) ?? generic
}
