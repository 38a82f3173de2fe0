import { type FormProvider, formProvider } from '../../contract.ts'

export type ProviderId = FormProvider

/** What the settings say about each provider of form posts. */
export type ProviderInfo = {
  readonly id: ProviderId
  readonly name: string
  /** Whether a secret proves that a post is from them: `required` is refused without, `none` has no such thing. */
  readonly signing: 'none' | 'optional' | 'required'
  /** What they call that secret, and where it is. */
  readonly signingLabel: string
  /** They send ids only, and an access token fetches the rest. */
  readonly accessToken: boolean
  /** What to do on their side. */
  readonly steps: string
}

const headerSecret = 'Secret, sent as the header “Authorization: Bearer …”'

const infos: Readonly<Record<ProviderId, Omit<ProviderInfo, 'id'>>> = {
  generic: {
    name: 'Any form or service',
    signing: 'optional',
    signingLabel: headerSecret,
    accessToken: false,
    steps: 'Put the address into the action of your form, or into the webhook step of Zapier, Make or n8n.',
  },
  google: {
    name: 'Google Ads lead form',
    signing: 'required',
    signingLabel: 'Key (you choose it; enter the same one in Google Ads)',
    accessToken: false,
    steps:
      'In Google Ads open the lead form, “Export leads”, “Other data integration options”, and paste address and key.',
  },
  meta: {
    name: 'Facebook and Instagram lead ads',
    signing: 'required',
    signingLabel: 'App secret',
    accessToken: true,
    steps:
      'In your Meta app add the product Webhooks, object Page, field leadgen. Callback URL is the address; the verify token is the last part of the address.',
  },
  typeform: {
    name: 'Typeform',
    signing: 'optional',
    signingLabel: 'Secret of the webhook',
    accessToken: false,
    steps: 'In Typeform open Connect, Webhooks, add the address, and switch the webhook on.',
  },
  jotform: {
    name: 'Jotform',
    signing: 'none',
    signingLabel: '',
    accessToken: false,
    steps: 'In Jotform open Settings, Integrations, WebHooks, and paste the address.',
  },
  webflow: {
    name: 'Webflow',
    signing: 'optional',
    signingLabel: 'Secret of the webhook (only webhooks made through the API have one)',
    accessToken: false,
    steps: 'In Webflow open Site settings, Apps & integrations, Webhooks, and add “Form submission” with the address.',
  },
  calendly: {
    name: 'Calendly',
    signing: 'optional',
    signingLabel: 'Signing key',
    accessToken: false,
    steps:
      'Make a webhook subscription for invitee.created and invitee.canceled with the address (a paid plan is needed).',
  },
  'contact-form-7': {
    name: 'WordPress: Contact Form 7',
    signing: 'optional',
    signingLabel: headerSecret,
    accessToken: false,
    steps: 'Install a webhook plug-in for Contact Form 7 and paste the address.',
  },
  wpforms: {
    name: 'WordPress: WPForms',
    signing: 'optional',
    signingLabel: headerSecret,
    accessToken: false,
    steps: 'Open the form’s Settings, Webhooks, and paste the address. Map the entry id as entry_id.',
  },
  gravity: {
    name: 'WordPress: Gravity Forms',
    signing: 'optional',
    signingLabel: headerSecret,
    accessToken: false,
    steps: 'Add a feed of the Webhooks add-on: method POST, format JSON, all fields.',
  },
  elementor: {
    name: 'WordPress: Elementor',
    signing: 'none',
    signingLabel: '',
    accessToken: false,
    steps: 'In the form widget add the action “Webhook”, paste the address, and switch “Advanced data” on.',
  },
  standard: {
    name: 'Standard Webhooks',
    signing: 'required',
    signingLabel: 'Signing secret (starts with whsec_)',
    accessToken: false,
    steps: 'Add the address as an endpoint, then copy its signing secret.',
  },
}

export const providerInfo = (id: ProviderId): ProviderInfo => ({ id, ...infos[id] })
export const providerList: readonly ProviderInfo[] = formProvider.options.map(providerInfo)
