import type { Clocks } from '../contact/clocks.ts'
import type { Clock } from '../lib/clock.ts'
import { notFound } from '../rpc/errors.ts'
import type { HandlersOf } from '../rpc/serve.ts'
import { refreshLeadRow } from '../store/queries/lead-row.ts'
import { readSettings, saveSetting } from '../store/queries/settings.ts'
import type { ReadStore, Store, WriteStore } from '../store/store.ts'
import { checkedBusiness, checkRules, checkSla } from './check-settings.ts'
import type { settingsContract } from './contract.ts'
import { readTeam, removeMember, saveMember } from './team.ts'

export type SettingsDeps = {
  readonly store: Store
  readonly clock: Clock
  readonly clocks: Pick<Clocks, 'owned' | 'retargeted'>
  /** Gives every open lead the score and tier of the stored settings, in transactions of its own. Answers how many. */
  readonly rescoreAll: () => Promise<number>
  /** Finds owners for open leads without one, most urgent first. */
  readonly drainBacklog: (tx: WriteStore) => Promise<unknown>
}

type Mine = Exclude<keyof typeof settingsContract, `store.${string}`>

/** Answers `settings.*` and `team.*` of the contract. Deadlines move in the transaction that saves what moves them. */
export function makeSettingsHandlers(deps: SettingsDeps): Pick<HandlersOf<typeof settingsContract>, Mine> {
  const { store, clock, clocks, rescoreAll, drainBacklog } = deps

  const retargetAll = async (tx: WriteStore) => {
    const leads = await tx.db.selectFrom('lead').select('id').where('status', '=', 'open').execute()
    for (const { id } of leads) {
      await clocks.retargeted(tx, id)
      await refreshLeadRow(tx, id)
    }
  }

  return {
    'settings.get': async () => ({ ...(await readSettings(store.read)), sample: await hasSample(store.read) }),

    'settings.saveBusiness': async (input) => {
      const business = checkedBusiness(input)
      const before = await store.write(async (tx) => {
        const before = (await readSettings(tx)).business
        await saveSetting(tx, 'business', business)
        const calendarOf = ({ zone, hours, alwaysOpen }: typeof business) => ({ zone, hours, alwaysOpen })
        if (differ(calendarOf(before), calendarOf(business))) await retargetAll(tx)
        return before
      })
      if (differ(before.localPostcodes, business.localPostcodes)) await rescoreAll()
      return {}
    },

    'settings.saveSla': async ({ sla, tiers }) => {
      checkSla(sla)
      const before = await store.write(async (tx) => {
        const before = await readSettings(tx)
        await saveSetting(tx, 'sla', sla)
        await saveSetting(tx, 'tiers', tiers)
        await retargetAll(tx)
        return before
      })
      if (differ(before.tiers, tiers)) await rescoreAll()
      return {}
    },

    'settings.saveScoreRules': async ({ rules }) => {
      checkRules(rules)
      await store.write((tx) => saveSetting(tx, 'scoreRules', rules))
      return { rescored: await rescoreAll() }
    },

    'settings.savePreferences': async ({ undoSeconds, notifications, me, setUp }) => {
      await store.write(async (tx) => {
        if (me !== undefined && !(await readTeam(tx)).some((it) => it.id === me)) {
          throw notFound('This member of your team')
        }
        if (undoSeconds !== undefined) await saveSetting(tx, 'undoSeconds', undoSeconds)
        if (notifications !== undefined) await saveSetting(tx, 'notifications', notifications)
        if (me !== undefined) await saveSetting(tx, 'me', me)
        if (setUp !== undefined) await saveSetting(tx, 'setUp', setUp)
      })
      return {}
    },

    'team.list': async () => ({ members: await readTeam(store.read) }),

    'team.save': (input) =>
      store.write(async (tx) => {
        const { id, cameOnDuty } = await saveMember(tx, input, clock.now())
        if (cameOnDuty) await drainBacklog(tx)
        return { id }
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

const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b)
