import { describe, expect, it } from 'vitest'
import { fixture, jsonPost, multipartPost, onlyLead, understand, urlencodedPost } from './samples.ts'

const at = (text: string) => Date.parse(text)

describe('Google Ads', () => {
  it('lead form, with ids beyond a double and a test mark', async () => {
    expect(await onlyLead(jsonPost(fixture('google.json')))).toEqual({
      provider: 'google',
      known: {
        name: 'Dolores Haze',
        email: 'dolores@haze-interiors.example',
        phone: '+14155550142',
        postcode: '94107',
        budget: '$20,000 to $40,000',
      },
      fields: {
        'Full Name': 'Dolores Haze',
        Email: 'dolores@haze-interiors.example',
        'User Phone': '+14155550142',
        'Postal Code': '94107',
        'What is your budget?': '$20,000 to $40,000',
        'Which room is it about?': 'Kitchen',
      },
      source: 'Google Ads',
      detail: {
        gclid: 'TeSter-gclid-EAIaIQobChMI',
        campaign_id: '9223372036854775807',
        adgroup_id: '20000000000',
        creative_id: '30000000000',
        asset_group_id: '0',
        form_id: '9007199254740993',
      },
      key: 'google:TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789',
      submittedAt: at('2026-03-02T09:15:30Z'),
      test: true,
      parties: [
        { kind: 'email', value: 'dolores@haze-interiors.example', name: 'Dolores Haze' },
        { kind: 'phone', value: '+14155550142', name: 'Dolores Haze' },
      ],
    })
  })

  it('keeps the source of a form that was set up for it, and a mapping by column id', async () => {
    const lead = await onlyLead(jsonPost(fixture('google.json')), {
      provider: 'google',
      source: 'Ads, kitchens',
      mapping: { which_room: 'message' },
    })
    expect([lead.source, lead.known.message]).toEqual(['Ads, kitchens', 'Kitchen'])
  })

  it('a number as lead id keeps its last digits', async () => {
    const body = fixture('google.json').replace(/"lead_id": "[^"]+"/, '"lead_id": 9223372036854775805')
    expect((await onlyLead(jsonPost(body))).key).toBe('google:9223372036854775805')
  })
})

describe('Meta', () => {
  it('webhook names leads only, long numbers digit by digit, other changes passed over', async () => {
    const { provider, leads, refs } = await understand(jsonPost(fixture('meta-webhook.json')))
    expect({ provider, leads, refs }).toEqual({
      provider: 'meta',
      leads: [],
      refs: [
        {
          id: '55459717045641545',
          detail: {
            page_id: '153125381133',
            form_id: '60161321312312345',
            adgroup_id: '23842705320860456',
            ad_id: '23842705320860123',
          },
        },
      ],
    })
  })

  it('an id that is no number is not asked for', async () => {
    const body = fixture('meta-webhook.json').replace('55459717045641545', '"1/../me"')
    expect(await understand(jsonPost(body))).toMatchObject({
      refs: [],
      leads: [],
      nothing: 'Meta: a change that is no lead',
    })
  })

  it('what Facebook’s testing tool fills in is a test', async () => {
    const body = fixture('meta-lead.json').replace('ravi@patel.example', '<test lead: dummy data for email>')
    expect((await onlyLead(jsonPost(body), { provider: 'meta' })).test).toBe(true)
    expect((await onlyLead(jsonPost(fixture('meta-lead.json')), { provider: 'meta' })).test).toBe(false)
  })

  it('lead as the Graph API answers it', async () => {
    expect(await onlyLead(jsonPost(fixture('meta-lead.json')), { provider: 'meta', source: 'Facebook' })).toEqual({
      provider: 'meta',
      known: {
        name: 'Ravi Patel',
        email: 'ravi@patel.example',
        phone: '+14155550188',
        postcode: '94110',
        budget: 'under 10k',
      },
      fields: {
        'Full name': 'Ravi Patel',
        Email: 'ravi@patel.example',
        'Phone number': '+14155550188',
        'Zip code': '94110',
        'What is your budget?': 'under 10k',
        'Which rooms?': 'Kitchen, Bath',
      },
      source: 'Facebook',
      detail: {
        ad_id: '23842705320860123',
        ad_name: 'Spring kitchens',
        adset_id: '23842705320860456',
        adset_name: 'Bay Area, 30 to 60',
        campaign_id: '23842705320860789',
        campaign_name: 'Kitchens 2026',
        form_id: '60161321312312345',
        platform: 'ig',
      },
      key: 'meta:55459717045641545',
      submittedAt: at('2026-03-02T09:14:58Z'),
      test: false,
      parties: [
        { kind: 'email', value: 'ravi@patel.example', name: 'Ravi Patel' },
        { kind: 'phone', value: '+14155550188', name: 'Ravi Patel' },
      ],
    })
  })
})

describe('Typeform', () => {
  it('what “Send test request” sends is a test', async () => {
    const email = /"email": ?"([^"]+@[^"]+)"/.exec(fixture('typeform.json'))?.[1] ?? 'none'
    expect((await onlyLead(jsonPost(fixture('typeform.json')))).test).toBe(false)
    const body = fixture('typeform.json').replaceAll(email, 'an_account@example.com')
    expect((await onlyLead(jsonPost(body))).test).toBe(true)
  })

  it('response, with questions of a contact block, choices, and hidden fields', async () => {
    expect(await onlyLead(jsonPost(fixture('typeform.json')))).toMatchObject({
      provider: 'typeform',
      known: {
        name: 'Ana Lopez',
        email: 'ana@lopez-home.example',
        phone: '+14155550187',
        budget: '20k to 40k',
        message: 'A new kitchen, and the wall has to go.',
      },
      fields: {
        'First name': 'Ana',
        'Last name': 'Lopez',
        'Where do we reach you?': 'ana@lopez-home.example',
        'And a number?': '+14155550187',
        'Which rooms?': 'Kitchen, Bath, Hallway',
        "What's your budget?": '20k to 40k',
        'Do you own the place?': 'Yes',
        'Tell us about your project': 'A new kitchen, and the wall has to go.',
        'A photo': 'https://api.typeform.example/files/1.jpg',
        branch: 'Oakland',
      },
      source: 'Google Ads',
      detail: {
        utm_source: 'google',
        utm_medium: 'cpc',
        gclid: 'Cj0KCQ',
        form_id: 'lT4Z3j',
        form: 'Remodel enquiry',
      },
      key: 'typeform:a3a12ec67a1365927098a606107fac15',
      submittedAt: at('2026-03-02T09:17:22Z'),
    })
  })
})

describe('Jotform', () => {
  it('submission in its raw request, titles from the pretty line', async () => {
    const post = await multipartPost(JSON.parse(fixture('jotform.json')) as Record<string, string>)
    const lead = await onlyLead(post)
    expect(lead).toMatchObject({
      provider: 'jotform',
      known: { name: "Mina O'Hara", email: 'mina@ohara.example', phone: '(415) 555-0123', postcode: '94601' },
      source: 'Website',
      detail: { form_id: '260601234567890', form: 'Quote request', utm_source: 'newsletter' },
      key: 'jotform:5834567890123456789',
    })
    expect(lead.fields).toEqual({
      Name: "Mina O'Hara",
      'E-mail address': 'mina@ohara.example',
      'Phone Number': '(415) 555-0123',
      'What is it about?': 'Kitchen, with island',
      Address: '1 Main St Oakland CA 94601',
      Postcode: '94601',
      Start: '2026-04-01',
      Services: 'Design, Build',
    })
  })
})

describe('Webflow', () => {
  it('form submission', async () => {
    const lead = await onlyLead(jsonPost(fixture('webflow.json')))
    expect(lead).toMatchObject({
      provider: 'webflow',
      known: { name: 'Zaphod Beeblebrox', email: 'zaphod@heartofgold.example', phone: '15550000000' },
      detail: {
        form: 'Contact Us',
        form_id: '65429eadebe8a9f3a30f62d0',
        site_id: '65427cf400e02b306eaa049c',
        page: 'https://brightwater.example/contact',
        utm_campaign: 'spring',
      },
      key: 'webflow:6321ca84df3949bfc6752327',
      submittedAt: at('2026-03-02T09:18:05.117Z'),
    })
    expect(lead.fields).toEqual({
      'First Name': 'Zaphod',
      'Last Name': 'Beeblebrox',
      email: 'zaphod@heartofgold.example',
      'Phone Number': '15550000000',
      Newsletter: 'Yes',
    })
  })

  it('version 1 says the same without an envelope', async () => {
    const body = {
      name: 'Sample',
      site: '62749158',
      data: { name: 'Some One', email: 'one@home.example' },
      d: '2026-03-02T09:00:00.000Z',
      _id: 'abc',
    }
    expect(await onlyLead(jsonPost(JSON.stringify(body)), { provider: 'webflow' })).toMatchObject({
      known: { name: 'Some One', email: 'one@home.example' },
      key: 'webflow:abc',
      submittedAt: at('2026-03-02T09:00:00Z'),
    })
  })
})

describe('Calendly', () => {
  const sample = () =>
    JSON.parse(fixture('calendly-created.json')) as { event: string; payload: Record<string, unknown> }
  const variant = (event: string, payload: Record<string, unknown>) => {
    const it = sample()
    return jsonPost(JSON.stringify({ ...it, event, payload: { ...it.payload, ...payload } }))
  }

  it('booking, with the time as the guest sees it', async () => {
    const lead = await onlyLead(jsonPost(fixture('calendly-created.json')))
    expect(lead).toMatchObject({
      provider: 'calendly',
      known: {
        name: 'John Doe',
        email: 'john@example.org',
        phone: '+1 415-555-0166',
        message: 'We want to open up the kitchen.',
      },
      source: 'Facebook Ads',
      detail: {
        utm_campaign: 'spring',
        utm_source: 'facebook',
        utm_medium: 'paid',
        meeting: 'https://api.calendly.com/scheduled_events/EEEE',
        reschedule_url: 'https://calendly.com/reschedulings/BBBB',
        cancel_url: 'https://calendly.com/cancellations/BBBB',
      },
      key: 'calendly:invitee.created:https://api.calendly.com/scheduled_events/EEEE/invitees/IIII',
      submittedAt: at('2026-03-02T09:20:00Z'),
    })
    expect(lead.fields).toMatchObject({
      'Meeting booked': 'Site visit',
      'Takes place on': expect.stringMatching(/^Monday,? 9 March 2026 at 10:00 \(America\/Los_Angeles\)$/),
      Place: '12 Pier Rd',
    })
  })

  it('cancellation is another message of the same person, with the reason', async () => {
    const cancellation = { canceled_by: 'John Doe', reason: 'Found somebody', canceler_type: 'invitee' }
    const lead = await onlyLead(
      variant('invitee.canceled', { status: 'canceled', cancellation, questions_and_answers: [] }),
    )
    expect(lead.known).toMatchObject({ email: 'john@example.org', message: 'Found somebody' })
    expect(lead.fields).toMatchObject({ 'Meeting cancelled': 'Site visit', 'Cancelled by': 'John Doe' })
    expect(lead.key).toBe('calendly:invitee.canceled:https://api.calendly.com/scheduled_events/EEEE/invitees/IIII')
  })

  it('moved meeting is one message: the new booking, not the cancellation that goes with it', async () => {
    const gone = await understand(variant('invitee.canceled', { rescheduled: true, new_invitee: 'https://x/2' }))
    expect(gone).toMatchObject({ leads: [], nothing: 'Calendly: the old time of a meeting that was moved' })
    const moved = await onlyLead(variant('invitee.created', { old_invitee: 'https://x/1', uri: 'https://x/2' }))
    expect(moved.fields).toMatchObject({ 'Meeting moved': 'Site visit' })
    expect(moved.key).toBe('calendly:invitee.created:https://x/2')
  })

  it('with a zone nobody knows keeps the time as it came', async () => {
    const lead = await onlyLead(variant('invitee.created', { timezone: 'Mars/Olympus' }))
    expect(lead.fields['Takes place on']).toBe('2026-03-09T17:00:00.000000Z')
  })
})

describe('WordPress', () => {
  it('Contact Form 7 without its inner fields', async () => {
    const lead = await onlyLead(jsonPost(fixture('contact-form-7.json')))
    expect(lead).toMatchObject({
      provider: 'contact-form-7',
      known: { name: 'Åsa Ñuñez', email: 'asa@example.org', message: 'Do you tile floors?' },
      detail: { form_id: '1234', form: 'Contact form 1', page: 'https://brightwater.example/contact/' },
      key: 'contact-form-7:1234:77',
    })
    expect(Object.keys(lead.fields)).toEqual(['your-name', 'your-email', 'your-subject', 'your-message', 'rooms'])
  })

  it('WPForms, entry as the form made it', async () => {
    const lead = await onlyLead(jsonPost(fixture('wpforms.json')))
    expect(lead).toMatchObject({
      provider: 'wpforms',
      known: { name: 'Ana Lopez', email: 'ana@lopez-home.example', budget: '20k' },
      detail: { form_id: '25', form: 'Simple contact', page: 'https://brightwater.example/quote/' },
      key: 'wpforms:25:418',
    })
    expect(lead.fields).toEqual({
      'Who are you?': 'Ana Lopez',
      'How to answer': 'ana@lopez-home.example',
      'Comment or Message': 'Call in the evening',
      'Your budget': '20k',
    })
  })

  it('WPForms, names that the owner chose', async () => {
    const body = JSON.stringify({ full_name: 'Ana', mail: 'ana@example.org', entry_id: 419 })
    expect(await onlyLead(jsonPost(body), { provider: 'wpforms' })).toMatchObject({
      known: { name: 'Ana', email: 'ana@example.org' },
      fields: { full_name: 'Ana', mail: 'ana@example.org' },
      key: 'wpforms::419',
    })
  })

  it('Gravity Forms, raw entry by numbers, a name told from an address', async () => {
    const lead = await onlyLead(jsonPost(fixture('gravity.json')), { mapping: { '4': 'timeline' } })
    expect(lead).toMatchObject({
      provider: 'gravity',
      known: {
        name: 'Ana Lopez',
        email: 'ana@lopez-home.example',
        phone: '(415) 555-0187',
        postcode: '94601',
        message: 'We would like a new kitchen with an island before the summer.',
        timeline: 'Kitchen',
      },
      detail: { form_id: '3', page: 'https://brightwater.example/book/' },
      key: 'gravity:3:915',
      submittedAt: at('2026-03-02T09:22:10Z'),
    })
    expect(lead.fields).toMatchObject({
      'First name (1.3)': 'Ana',
      'Street (5.1)': '1 Main St',
      'City (5.3)': 'Oakland',
      'Field (4)': 'Kitchen',
    })
    expect(Object.values(lead.fields)).not.toContain('Mozilla/5.0')
  })

  it('Elementor with advanced data', async () => {
    const lead = await onlyLead(urlencodedPost(fixture('elementor-advanced.txt')))
    expect(lead).toMatchObject({
      provider: 'elementor',
      known: { name: 'Ana Lopez', email: 'ana@lopez-home.example', phone: '415 555 0187' },
      detail: { form_id: '7f3a1b2', form: 'Quote', page: 'https://brightwater.example/quote/', utm_source: 'bing' },
      key: null,
    })
    expect(lead.fields).toEqual({
      'Your name': 'Ana Lopez',
      'Where to write': 'ana@lopez-home.example',
      Mobile: '415 555 0187',
    })
  })

  it('Elementor without advanced data', async () => {
    const lead = await onlyLead(urlencodedPost(fixture('elementor-plain.txt')))
    expect(lead).toMatchObject({
      provider: 'elementor',
      known: { name: 'Ana Lopez', email: 'ana@lopez-home.example', message: 'A new bath' },
      fields: { Name: 'Ana Lopez', Email: 'ana@lopez-home.example', Message: 'A new bath' },
      detail: { form_id: '7f3a1b2', form: 'Quote', page: 'https://brightwater.example/quote/' },
    })
    expect(Object.keys(lead.fields)).toHaveLength(3)
  })
})

describe('Standard Webhooks', () => {
  it('event, its id signed in the headers', async () => {
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1772443500', 'webhook-signature': 'v1,x' }
    expect(await onlyLead(jsonPost(fixture('standard.json'), headers))).toMatchObject({
      provider: 'standard',
      known: { name: 'Ana Lopez', email: 'ana@lopez-home.example' },
      source: 'Google Ads',
      detail: { event: 'form.submitted', gclid: 'Cj0KC' },
      key: 'standard:msg_1',
      submittedAt: at('2026-03-02T09:26:00Z'),
    })
  })
})

describe('a post of another shape than the provider’s', () => {
  const plain = { name: 'Ana', email: 'ana@example.org' }
  it.each([
    'google',
    'meta',
    'typeform',
    'jotform',
    'webflow',
    'calendly',
    'gravity',
    'wpforms',
    'contact-form-7',
    'elementor',
  ] as const)('of %s is read as any form', async (provider) => {
    expect((await onlyLead(jsonPost(JSON.stringify(plain)), { provider })).known).toEqual(plain)
  })

  it.each([
    'google.json',
    'meta-webhook.json',
    'typeform.json',
    'webflow.json',
    'calendly-created.json',
    'wpforms.json',
    'gravity.json',
    'contact-form-7.json',
  ])('%s cut down to any part never throws', async (name) => {
    const whole = JSON.parse(fixture(name)) as Record<string, unknown>
    for (const key of Object.keys(whole)) {
      for (const instead of [null, 7, 'text', [], {}, [null], { a: { b: null } }]) {
        const { leads, refs, nothing } = await understand(jsonPost(JSON.stringify({ ...whole, [key]: instead })))
        expect(leads.length + refs.length > 0 || nothing !== null).toBe(true)
      }
    }
  })
})
