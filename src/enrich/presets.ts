import type { ProviderSettings } from './contract.ts'

/** Ten cents a record and five dollars a day: people enter what theirs costs. */
const usual = { currency: 'USD', cost: 100, perDay: 50, costPerDay: 5000 } as const

/** Services we know how to ask. docs/enrichment.md says what of it was checked against what. */
export const presets: readonly { readonly name: string; readonly note: string; readonly settings: ProviderSettings }[] =
  [
    {
      name: 'Apollo',
      note: 'Finds a person by e-mail address. Each match uses credits of your plan; enter what one costs you.',
      settings: {
        method: 'POST',
        url: 'https://api.apollo.io/api/v1/people/match?email={email}',
        headers: [
          { name: 'x-api-key', value: '{key}' },
          { name: 'cache-control', value: 'no-cache' },
        ],
        body: '',
        answer: [
          { path: 'person.name', field: 'name' },
          { path: 'person.title', field: 'title' },
          { path: 'person.organization.name', field: 'company' },
          { path: 'person.organization.website_url', field: 'website' },
          { path: 'person.organization.industry', field: 'industry' },
          { path: 'person.organization.estimated_num_employees', field: 'employees' },
          { path: 'person.city', field: 'location' },
          { path: 'person.linkedin_url', field: 'profile' },
        ],
        ...usual,
        chargesForNothing: false,
      },
    },
    {
      name: 'Company by domain (Clearbit’s form)',
      note: 'Finds a company by the domain of a work address. Clearbit itself is part of HubSpot now; others answer in its form.',
      settings: {
        method: 'GET',
        url: 'https://company.clearbit.com/v2/companies/find?domain={domain}',
        headers: [{ name: 'authorization', value: 'Bearer {key}' }],
        body: '',
        answer: [
          { path: 'name', field: 'company' },
          { path: 'domain', field: 'website' },
          { path: 'category.industry', field: 'industry' },
          { path: 'metrics.employees', field: 'employees' },
          { path: 'location', field: 'location' },
        ],
        ...usual,
        chargesForNothing: false,
      },
    },
    {
      name: 'Twilio Lookup: kind of line',
      note: 'Says whether a number is a mobile, a landline or an internet phone, so that no text goes to a landline. Leave the key empty to ask with the Twilio account that is connected, or type ACCOUNT-SID:AUTH-TOKEN. Twilio counts each number; enter what one costs you.',
      settings: {
        method: 'GET',
        url: 'https://lookups.twilio.com/v2/PhoneNumbers/{phone}?Fields=line_type_intelligence',
        headers: [{ name: 'authorization', value: 'Basic {basic}' }],
        body: '',
        answer: [{ path: 'line_type_intelligence.type', field: 'line' }],
        currency: 'USD',
        cost: 8,
        chargesForNothing: true,
        perDay: 100,
        costPerDay: 1000,
      },
    },
    {
      name: 'Another service',
      note: 'Any service with a web address that answers with data (JSON), or a program on this computer.',
      settings: {
        method: 'GET',
        url: 'https://api.example.com/people?email={email}',
        headers: [{ name: 'authorization', value: 'Bearer {key}' }],
        body: '',
        answer: [{ path: 'person.name', field: 'name' }],
        ...usual,
        chargesForNothing: true,
      },
    },
  ]
