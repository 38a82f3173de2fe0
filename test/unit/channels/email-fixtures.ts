import { readFileSync } from 'node:fs'
import { parseMail } from '../../../src/channels/email/parse-message.ts'

export const arrival = Date.UTC(2026, 10, 20, 14, 0, 0)

export const readFixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/mail/${name}.eml`, import.meta.url))

export const parseFixture = (name: string) => parseMail(readFixture(name), arrival)
