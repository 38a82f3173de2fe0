import { isSupportedCountry } from 'libphonenumber-js'
import { IANAZone } from 'luxon'
import { badInput } from '../rpc/errors.ts'
import type { Business, Calendar, OpeningHours, SlaException, SlaPolicy } from './contract.ts'

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/**
 * The business as it is stored: hours in order, postcodes once each.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedBusiness(business: Business): Business {
  if (!IANAZone.isValidZone(business.zone)) {
    throw badInput(`“${business.zone}” is not a time zone. Choose one from the list, like America/New_York.`)
  }
  if (!isSupportedCountry(business.country)) throw badInput('Choose a country from the list.')
  // Without a single open minute no deadline would ever come.
  if (!business.alwaysOpen && business.hours.length === 0) {
    throw badInput('Choose at least one opening time, or say that you are always open.')
  }
  return {
    ...business,
    hours: checkedHours(business.hours),
    localPostcodes: [...new Set(business.localPostcodes.filter((it) => it !== ''))],
  }
}

/**
 * Calendars as they are stored: hours in order, names that can be told apart.
 * @throws DeskbellError `BAD_INPUT`
 */
export function checkedCalendars(calendars: readonly Calendar[]): Calendar[] {
  const taken = new Set(['business', 'always'])
  return calendars.map((it) => {
    if (taken.has(it.id)) throw badInput(`There are two calendars with the id “${it.id}”. Remove one of them.`)
    taken.add(it.id)
    if (!IANAZone.isValidZone(it.zone)) throw badInput(`${it.name}: “${it.zone}” is not a time zone.`)
    if (!it.alwaysOpen && it.hours.length === 0) {
      throw badInput(`${it.name}: choose at least one opening time, or say that it is always open.`)
    }
    return { ...it, hours: checkedHours(it.hours) }
  })
}

function checkedHours(hours: OpeningHours): OpeningHours {
  const inOrder = hours.toSorted((a, b) => a.weekday - b.weekday || a.from - b.from)
  for (const [index, it] of inOrder.entries()) {
    const before = inOrder[index - 1]
    if (before?.weekday !== it.weekday || before.to <= it.from) continue
    const day = weekdays[it.weekday - 1] ?? ''
    throw badInput(`On ${day} the hours overlap: ${span(before)} and ${span(it)}.`)
  }
  return inOrder
}

const span = ({ from, to }: { readonly from: number; readonly to: number }) => `${timeOf(from)}–${timeOf(to)}`
const timeOf = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`

/** @throws DeskbellError `BAD_INPUT` for an exception on a calendar that is not there */
export function checkExceptions(exceptions: readonly SlaException[], calendars: readonly Calendar[]): void {
  const ids = new Set<string>()
  for (const { id, name, calendar } of exceptions) {
    if (ids.has(id)) throw badInput(`There are two exceptions with the id “${id}”. Remove one of them.`)
    ids.add(id)
    if (calendar === 'business' || calendar === 'always' || calendars.some((it) => it.id === calendar)) continue
    throw badInput(`“${name}” runs on a calendar that is not there. Choose another one.`)
  }
}

/** @throws DeskbellError `BAD_INPUT` when a lead would have to be answered before somebody has to own it */
export function checkSla(sla: SlaPolicy): void {
  for (const tier of ['hot', 'warm', 'nurture'] as const) {
    const { ownedMs, firstContactMs } = sla[tier]
    if (ownedMs !== null && firstContactMs !== null && ownedMs > firstContactMs) {
      throw badInput(`${tier}: the time to take a lead cannot be longer than the time to answer it.`)
    }
  }
}
