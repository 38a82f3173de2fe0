#!/usr/bin/env node
/**
 * `npm run corpora [-- FOLDER]`: reads the mails of public corpora, each in a folder of its own, with the product's own
 * parser and prints what was found in them. Fails when a bounce passes for a person too often, or a person for a robot at all.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { publishedData, ranOnNode24, say, script } from './shell.mjs'

/** Part of the bounces that must be recognised. */
const goal = 0.99

await script(async () => {
  const folder = publishedData('mail')
  if (folder === null)
    return say('corpora skipped: the corpora of mails are not here. npm run corpora -- FOLDER reads others.')
  if (await ranOnNode24()) return
  process.exitCode = (await readCorpora(folder)) ? 0 : 1
})

async function readCorpora(folder) {
  const email = await import('../src/channels/email/parse-message.ts')
  const { classifyRobot } = await import('../src/channels/email/classify-robot.ts')
  const { splitQuote } = await import('../src/channels/email/split-quote.ts')
  const arrivedAt = Date.now()

  const read = async (file) => {
    const bytes = readFileSync(file)
    const raw = file.endsWith('.eml') ? bytes : withHeaders(bytes)
    const started = performance.now()
    const mail = await email.parseMail(raw, arrivedAt)
    const robot = classifyRobot(mail, [])
    const { visible, quoted } = splitQuote(mail.text)
    return { file, mail, robot, visible, quoted, ms: performance.now() - started }
  }
  const readAll = async (files) => {
    const mails = []
    for (const file of files) mails.push(await read(file))
    return mails
  }
  const show = (name, mails) => {
    const count = (is) => String(mails.filter(is).length).padStart(4)
    const slowest = Math.max(...mails.map((it) => it.ms))
    console.log(
      `${name.padEnd(18)}${String(mails.length).padStart(4)} mails: from${count(({ mail }) => mail.from)}, date${count(({ mail }) => mail.date !== arrivedAt)}, visible text${count((it) => it.visible !== '')}, quoted${count((it) => it.quoted !== null)}, with files${count(({ mail }) => mail.attachments.length > 0)}, robots${count((it) => it.robot)}, damaged${count(({ mail }) => mail.damage)}, slowest ${slowest.toFixed(0)} ms`,
    )
  }

  const bounces = await readAll(filesIn(path.join(folder, 'sisimai-bounces/maildir')).filter(isBounce))
  const people = await readAll([
    ...filesIn(path.join(folder, 'talon-replies')).filter((file) =>
      /standard_replies|signature\/emails\/.*_body$/.test(file),
    ),
    ...filesIn(path.join(folder, 'zapier-replies')).filter((file) => /\/emails\/.*\.txt$/.test(file)),
  ])
  const ugly = await readAll(filesIn(path.join(folder, 'mikel-mail')).filter((file) => file.endsWith('.eml')))
  show('ugly mails', ugly)
  show('bounces', bounces)
  show('personal mails', people)

  const missed = bounces.filter((it) => it.robot === null)
  const suspected = people.filter((it) => it.robot !== null)
  const lost = [...people, ...ugly].filter(({ mail, visible }) => visible === '' && mail.text.trim() !== '')
  const part = (bounces.length - missed.length) / bounces.length
  console.log(
    `bounces recognised as robots: ${bounces.length - missed.length} of ${bounces.length} (${(part * 100).toFixed(2)} %, goal ${goal * 100} %)`,
  )
  console.log(`personal mails taken for robots: ${suspected.length} of ${people.length} (goal 0)`)
  const name = ({ file }) => path.relative(folder, file)
  for (const it of missed)
    console.log(`  not recognised: ${name(it)}  ${it.mail.from?.address ?? '-'}  ${it.mail.subject}`)
  for (const it of suspected) console.log(`  a person: ${name(it)}  ${it.robot}`)
  for (const it of lost) console.log(`  text lost: ${name(it)}`)
  return bounces.length > 0 && people.length > 0 && part >= goal && suspected.length === 0 && lost.length === 0
}

/** Deliveries that failed, with line ends of three kinds, and broken ones; `tmp` holds none that is whole. */
function isBounce(file) {
  return /\/maildir\/(bsd|dos|mac|err)\/.*\.eml$/.test(file)
}

/** Some corpora hold only the text of a mail. */
function withHeaders(raw) {
  if (/^[A-Za-z-]+:[ \t]|^From /.test(raw.subarray(0, 200).toString('latin1'))) return raw
  const head =
    'From: Somebody <somebody@home.example>\r\nTo: office@shop.example\r\nSubject: Re: Hello\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
  return Buffer.concat([Buffer.from(head), raw])
}

/** @param {string} start  a folder; nothing when it is not there */
function filesIn(start) {
  if (!existsSync(start)) return []
  return readdirSync(start, { recursive: true })
    .map((file) => path.join(start, String(file)))
    .filter((file) => statSync(file).isFile())
    .sort()
}
