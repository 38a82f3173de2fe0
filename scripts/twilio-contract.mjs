#!/usr/bin/env node
/**
 * `npm run twilio:contract [-- twilio_api_v2010.json]`: holds the Twilio double, and the requests our adapter makes, against
 * Twilio's published OpenAPI file: every request must be one the API offers, every answer of the double must have exactly the
 * properties and types the API promises, and the API's own examples must be readable by our adapter.
 */
import { readFileSync } from 'node:fs'
import { publishedData, ranOnNode24, say, script } from './shell.mjs'

await script(async () => {
  const file = publishedData('twilio/twilio_api_v2010.json')
  if (file === null) return say("twilio:contract skipped: Twilio's OpenAPI file (twilio_api_v2010.json) is not here.")
  if (await ranOnNode24()) return
  process.exitCode = await checkContract(JSON.parse(readFileSync(file, 'utf8')))
})

async function checkContract(spec) {
  const { checkRequest, checkAnswer, operationOf } = await readSpec(spec)
  const { requests, downloads } = await driveAdapter()
  const problems = []
  const operations = new Set()
  for (const request of requests) {
    const operation = operationOf(request.method, request.path)
    if (operation === undefined) {
      problems.push(`${request.method} ${request.path}: Twilio has no such operation`)
      continue
    }
    operations.add(operation.id)
    problems.push(...checkRequest(operation, request), ...checkAnswer(operation, request.status, request.body))
  }
  problems.push(...(await readExamples(spec)))
  if (!canFail(requests, operationOf, checkRequest, checkAnswer))
    problems.push('this check does not notice a wrong answer')
  for (const problem of new Set(problems)) console.error(`  ${problem}`)
  console.log(
    `twilio:contract ${problems.length === 0 ? 'passed' : 'FAILED'}: ${requests.length} requests and answers of ${operations.size} operations` +
      ` checked, ${new Set(problems).size} problems; ${downloads} downloads of sound and pictures are not in Twilio's file.`,
  )
  return problems.length === 0 ? 0 : 1
}

/** Schemas of the file (OpenAPI 3.0) as JSON Schema; compiled when it is first asked for. */
async function readSpec(spec) {
  const { Ajv } = await import('ajv')
  const isDate = (text) => /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/.test(text)
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: {
      'date-time-rfc-2822': isDate,
      // Documented, and sent by us, as days; its own examples hold days as well.
      'date-time': (text) => /^\d{4}-\d\d-\d\d(T.*)?$/.test(text),
      'phone-number': (text) => /^(\w+:)?\+[1-9]\d{1,14}$/.test(text),
      uri: (text) => /^(https?:\/)?\/[^\s]+$/.test(text),
      currency: /^[A-Z]{3}$/,
      int64: { type: 'number', validate: Number.isInteger },
      'http-method': true,
      'uri-map': true,
      'phone-number-capabilities': true,
      endpoint: true,
      twiml: true,
    },
  })

  const convert = (schema, closed) => {
    if (schema.$ref !== undefined)
      return convert(
        schema.$ref
          .split('/')
          .slice(1)
          .reduce((at, key) => at[key], spec),
        closed,
      )
    const { nullable, properties, items, ...rest } = schema
    const converted = { ...rest }
    if (items !== undefined) converted.items = convert(items, closed)
    if (properties !== undefined) {
      converted.properties = Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, convert(value, closed)]),
      )
      converted.additionalProperties = false
      if (closed) converted.required = Object.keys(properties)
    }
    return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted
  }

  const compile = (schema, closed) => {
    let validate
    return () => {
      validate ??= ajv.compile(convert(schema, closed))
      return validate
    }
  }

  const operations = Object.entries(spec.paths).flatMap(([template, item]) =>
    ['get', 'post', 'delete'].flatMap((method) => {
      const operation = item[method]
      if (operation === undefined) return []
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])]
      const pattern = template.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, (_, name) => {
        const own = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema.pattern
        return own === undefined ? '[^/]+' : `(?:${own.replace(/^\^|\$$/g, '')})`
      })
      const form = operation.requestBody?.content?.['application/x-www-form-urlencoded']?.schema
      return [
        {
          id: operation.operationId,
          method: method.toUpperCase(),
          path: new RegExp(`^${pattern}$`),
          query: Object.fromEntries(
            parameters.filter((one) => one.in === 'query').map((one) => [one.name, compile(one.schema)]),
          ),
          form: form === undefined ? undefined : compile(form),
          answers: Object.fromEntries(
            Object.entries(operation.responses).map(([status, response]) => {
              const schema = response.content?.['application/json']?.schema
              return [status, schema === undefined ? () => () => true : compile(schema, true)]
            }),
          ),
        },
      ]
    }),
  )

  const typed = (text) => (/^\d+$/.test(text) ? Number(text) : text)
  /** Each complaint once, however many items of a list have it. */
  const said = (validate) => {
    const complaints = (validate.errors ?? []).map(
      (error) => `${error.instancePath.replace(/\/\d+\//g, '/*/')} ${error.message} ${JSON.stringify(error.params)}`,
    )
    return [...new Set(complaints)].join('; ')
  }
  return {
    operationOf: (method, pathname) => operations.find((one) => one.method === method && one.path.test(pathname)),
    checkRequest: (operation, request) => {
      const problems = []
      for (const [name, value] of new URLSearchParams(request.query)) {
        const validate = operation.query[name]?.()
        if (validate === undefined) problems.push(`${operation.id}: there is no query parameter ${name}`)
        else if (!validate(value) && !validate(typed(value)))
          problems.push(`${operation.id}: ${name}=${value}: ${said(validate)}`)
      }
      if (operation.form !== undefined) {
        const { Timeout, ...form } = request.form
        const body = Timeout === undefined ? form : { ...form, Timeout: typed(Timeout) }
        const validate = operation.form()
        if (!validate(body)) problems.push(`${operation.id}, form: ${said(validate)}`)
      }
      return problems
    },
    checkAnswer: (operation, status, body) => {
      const validate = operation.answers[String(status)]?.()
      // The file describes success only; errors are checked by the tests of the adapter.
      if (validate === undefined) return status >= 400 ? [] : [`${operation.id} never answers ${status}`]
      return validate(body) ? [] : [`${operation.id}, answer: ${said(validate)}`]
    },
  }
}

/** Everything the adapter ever asks, against the double. */
async function driveAdapter() {
  const { startTwilioDouble } = await import('../test/fakes/twilio/start-twilio-double.ts')
  const { createMemoryContext } = await import('../test/fakes/twilio/memory-context.ts')
  const { createTwilioChannel } = await import('../src/channels/twilio/twilio-channel.ts')
  const { testTwilio } = await import('../src/channels/twilio/test-connection.ts')
  const { systemClock } = await import('../src/lib/clock.ts')

  const double = await startTwilioDouble({
    numbers: [{ phoneNumber: '+14155550100', whatsApp: true }, { phoneNumber: '+14155550155' }],
  })
  const context = createMemoryContext(systemClock, double.authToken)
  const settings = { accountSid: double.accountSid, number: double.number, baseUrl: double.url }
  const channel = createTwilioChannel(settings, context, { fetch })
  const hooks = { committing: async () => {} }
  const prepared = {
    sid: `HX${'a'.repeat(32)}`,
    friendlyName: 'hello',
    language: 'en',
    variables: { 1: 'Bo' },
    types: { 'twilio/text': { body: 'Hello {{1}}' } },
    approval: 'approved',
    createdAt: Date.now(),
  }
  const text = { kind: 'sms', to: '+14155550101', body: 'Hello' }
  const call = { kind: 'call', ownPhone: '+14155550199', to: '+14155550101' }
  const nothingTaken = async () => false
  try {
    await testTwilio(settings, double.authToken, { fetch, clock: systemClock })
    double.world.contents.push(prepared)
    const [template] = await channel.prepared()
    const variables = { 1: 'Ana' }
    await channel.send(
      { kind: 'whatsapp', to: text.to, body: 'Hello Ana', prepared: { contentSid: template.contentSid, variables } },
      hooks,
    )
    await channel.poll()
    for (let n = 0; n < 120; n += 1) double.texts.receive({ from: '+14155550101', body: `text ${n}` })
    double.texts.receive({
      from: '+14155550102',
      body: 'picture',
      media: [{ contentType: 'image/png', bytes: new Uint8Array(9) }],
    })
    for (const how of ['rang-out', 'rejected', 'caller-hung-up', 'no-forwarding'])
      double.calls.missed({ from: '+14155550103', how })
    double.calls.voicemail({ from: '+14155550104' })
    double.calls.voicemail({ from: '+14155550105', ready: false })
    double.calls.answered({ from: '+14155550106' })
    const ringing = double.calls.rings({ from: '+14155550107' })
    await channel.poll()
    for (let n = 0; n < 60; n += 1) double.calls.missed({ from: '+14155550108', how: 'rejected' })
    double.calls.ends(ringing, 'no-answer')
    const sent = certain(await channel.send(text, hooks))
    context.claim(sent.externalId, sent.revision)
    const dialled = certain(await channel.send(call, hooks))
    context.claim(dialled.externalId, dialled.revision)
    await channel.poll()
    await channel.find(text, Date.now(), nothingTaken)
    await channel.find(call, Date.now(), nothingTaken)
    double.calls.answers(dialled.externalId)
    await channel.poll()
    await channel.hangUp(dialled.externalId)
    double.texts.settle(sent.externalId, 'undelivered', 30003)
    await channel.poll()
    double.texts.receive({ from: text.to, body: 'STOP' })
    await channel.send(text, hooks)
    await askMore(double, sent.externalId)
  } finally {
    await channel.stop()
    await double.stop()
  }
  const isDownload = (request) => /\.(mp3|wav)$|\/Media\/ME[0-9a-f]{32}$/.test(request.path)
  return {
    // Other products of Twilio have files of their own.
    requests: double.requests.filter((request) => !isDownload(request) && request.path.startsWith('/2010-04-01/')),
    downloads: double.requests.filter(isDownload).length,
  }
}

function certain(outcome) {
  if (outcome.kind !== 'sent') throw new Error(`the double did not take it: ${JSON.stringify(outcome)}`)
  return outcome
}

/** What the double offers to other programs and our adapter does not use. */
async function askMore(double, messageSid) {
  const account = `${double.url}/2010-04-01/Accounts/${double.accountSid}`
  const headers = {
    authorization: `Basic ${Buffer.from(`${double.accountSid}:${double.authToken}`).toString('base64')}`,
  }
  const today = new Date().toISOString().slice(0, 10)
  const media = double.world.messages.find((message) => message.media.length > 0)
  for (const resource of [
    `/Calls.json?Status=busy&StartTime%3C=${today}&EndTime%3E=${today}&PageSize=5`,
    `/Calls.json?To=%2B14155550100&StartTime=${today}`,
    `/Messages.json?To=%2B14155550100&DateSent=${today}&DateSent%3C=${today}`,
    `/Recordings.json?DateCreated%3E=${today}&PageSize=1`,
    `/Recordings/${double.world.recordings[0].sid}.json`,
    `/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550100`,
    `/Messages/${media.sid}/Media/${media.media[0].sid}.json`,
    `/Messages/SM${'0'.repeat(32)}.json`,
  ]) {
    await (await fetch(`${account}${resource}`, { headers })).arrayBuffer()
  }
  const body = new URLSearchParams({ Body: '' })
  await (await fetch(`${account}/Messages/${messageSid}.json`, { method: 'POST', headers, body })).arrayBuffer()
}

/** Twilio's own examples of what we read must pass our schemas. */
async function readExamples(spec) {
  const resources = await import('../src/channels/twilio/resources.ts')
  const lists = {
    messages: 'messageResource',
    calls: 'callResource',
    recordings: 'recordingResource',
    media_list: 'mediaResource',
    incoming_phone_numbers: 'numberResource',
  }
  const problems = []
  let read = 0
  for (const item of Object.values(spec.paths)) {
    for (const { value } of Object.values(
      item.get?.responses?.['200']?.content?.['application/json']?.examples ?? {},
    )) {
      for (const [key, name] of Object.entries(lists)) {
        for (const example of Array.isArray(value?.[key]) ? value[key] : []) {
          read += 1
          const parsed = resources[name].safeParse(example)
          if (!parsed.success)
            problems.push(`example of ${key}: ${parsed.error.issues.map((issue) => `${issue.path} ${issue.message}`)}`)
        }
      }
    }
  }
  if (read < 10) problems.push(`only ${read} examples were found in Twilio's file`)
  return problems
}

/** A check that finds nothing must be able to find something. */
function canFail(requests, operationOf, checkRequest, checkAnswer) {
  const request = requests.find(
    (one) => one.method === 'POST' && one.path.endsWith('/Messages.json') && one.status === 201,
  )
  if (request === undefined) return false
  const operation = operationOf(request.method, request.path)
  const { num_media: _, ...missing } = request.body
  return (
    [
      { ...request.body, status: 'flying' },
      { ...request.body, date_created: '2026-11-20T12:00:00Z' },
      { ...request.body, num_segments: 1 },
      { ...request.body, surprise: true },
      missing,
    ].every((body) => checkAnswer(operation, 201, body).length > 0) &&
    checkRequest(operation, { ...request, form: { ...request.form, Txt: 'x' } }).length > 0 &&
    operationOf('GET', `${request.path}x`) === undefined
  )
}
