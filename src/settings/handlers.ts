import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { day } from '../lib/durations.ts'
import type { HolidayNames } from '../lib/holidays.ts'
import type { Rerouted } from '../route/reroute-absent.ts'
import { notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import type { Scoring } from '../score/contract.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { readAgain } from './calendar-feeds.ts'
import { makeCalendarHandlers } from './calendar-handlers.ts'
import { checkExceptions, checkedBusiness, checkSla } from './check-settings.ts'
import type { settingsContract } from './contract.ts'
import { readTeam, removeMember, saveMember } from './team.ts'

export type SettingsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly clocks: Pick<Clocks, 'owned' | 'retargeted' | 'recalculated'>
  readonly fetch: typeof fetch
  readonly feeds: { readonly nudge: () => void }
  readonly holidays: HolidayNames
  /** Gives every open lead the score and tier of the stored settings, in transactions of its own. */
  readonly rescoreAll: () => Promise<unknown>
  /** Finds owners for open leads without one, most urgent first. */
  readonly drainBacklog: (tx: WriteStore) => Promise<unknown>
  /** Finds other owners for what somebody who goes leaves unanswered. */
  readonly rerouteAbsent: (tx: WriteStore, memberId: number) => Promise<Rerouted>
}

type Mine = Exclude<keyof typeof settingsContract, `store.${string}`>

/** Answers `settings.*` and `team.*` of the contract. Deadlines move in the transaction that saves what moves them. */
export function makeSettingsHandlers(deps: SettingsDeps): Pick<HandlersOf<typeof settingsContract>, Mine> {
  const { store, clock, clocks, feeds, rescoreAll, drainBacklog, rerouteAbsent } = deps
  const recalculate = (tx: WriteStore) => recalculateDeadlines(tx, clocks)

  return {
    'settings.get': async () => {
      const settings = await readSettings(store.read)
      const scoreShown = await scoreShownBy(store.read, settings.scoring.number, clock.now())
      return { ...settings, sample: await hasSample(store.read), scoreShown }
    },

    'settings.saveBusiness': async (input) => {
      const business = checkedBusiness(input)
      const before = await store.write(async (tx) => {
        const before = (await readSettings(tx)).business
        await saveSetting(tx, 'business', business)
        const calendarOf = ({ zone, hours, alwaysOpen, days }: typeof business) => ({ zone, hours, alwaysOpen, days })
        if (differ(calendarOf(before), calendarOf(business))) await recalculate(tx)
        if (before.zone !== business.zone) await readAgain(tx)
        return before
      })
      feeds.nudge()
      if (differ(before.localPostcodes, business.localPostcodes)) await rescoreAll()
      return {}
    },

    ...makeCalendarHandlers({ ...deps, recalculate }),

    'settings.saveSla': async ({ sla, tiers, exceptions }) => {
      checkSla(sla)
      const before = await store.write(async (tx) => {
        const before = await readSettings(tx)
        checkExceptions(exceptions ?? [], before.calendars)
        if (exceptions) await saveSetting(tx, 'slaExceptions', exceptions)
        await saveSetting(tx, 'sla', sla)
        await saveSetting(tx, 'tiers', tiers)
        await retargetOpen(tx, clocks)
        return before
      })
      if (differ(before.tiers, tiers)) await rescoreAll()
      return {}
    },

    'settings.savePreferences': async ({ undoSeconds, notifications, me, setUp }) => {
      await store.write(async (tx) => {
        if (me !== undefined && !(await readTeam(tx, clock.now())).some((it) => it.id === me)) {
          throw notFound('This member of your team')
        }
        if (undoSeconds !== undefined) await saveSetting(tx, 'undoSeconds', undoSeconds)
        if (notifications !== undefined) await saveSetting(tx, 'notifications', notifications)
        if (me !== undefined) await saveSetting(tx, 'me', me)
        if (setUp !== undefined) await saveSetting(tx, 'setUp', setUp)
      })
      return {}
    },

    'team.list': async () => ({ members: await readTeam(store.read, clock.now()) }),

    'team.save': (input) =>
      store.write(async (tx) => {
        const { id, cameOnDuty, went } = await saveMember(tx, input, clock.now())
        if (input.hours && (await readSettings(tx)).slaExceptions.length > 0) await recalculate(tx)
        if (cameOnDuty) await drainBacklog(tx)
        const left = went ? await rerouteAbsent(tx, id) : null
        return { id, left: left && left.moved + left.stayed > 0 ? left : null }
      }),

    'team.remove': async ({ id }) => {
      await store.write(async (tx) => {
        await removeMember(tx, id, clock.now(), clocks)
        await drainBacklog(tx)
      })
      return {}
    },
  }
}

/** After a change of some calendar: what runs gets new deadlines, what ended the verdict of today's calendar. */
export async function recalculateDeadlines(
  tx: WriteStore,
  clocks: Pick<Clocks, 'retargeted' | 'recalculated'>,
): Promise<void> {
  await retargetOpen(tx, clocks)
  await clocks.recalculated(tx)
}

async function retargetOpen(tx: WriteStore, clocks: Pick<Clocks, 'retargeted'>): Promise<void> {
  const leads = await tx.db.selectFrom('lead').select('id').where('status', '=', 'open').execute()
  for (const { id } of leads) {
    await clocks.retargeted(tx, id)
    await refreshLeadRow(tx, id)
  }
}

/** True while the sample business is in this workspace. */
async function hasSample(store: ReadStore): Promise<boolean> {
  const row = await store.db
    .selectFrom('account')
    .select('id')
    .where('kind', '=', 'sample')
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

// Below it the guides see no use in more than three buckets.
const worthNumbers = 50

async function scoreShownBy(store: ReadStore, choice: Scoring['number'], now: number) {
  const { leads } = await store.db
    .selectFrom('lead')
    .select((it) => it.fn.countAll<number>().as('leads'))
    .where('opened_at', '>=', now - 7 * day)
    .executeTakeFirstOrThrow()
  return { number: choice === 'show' || (choice === 'auto' && leads >= worthNumbers), leadsLastWeek: leads }
}

const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b)
