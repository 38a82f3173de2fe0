import { writeSetting } from '../../store/queries/settings.ts'
import type { Store } from '../../store/store.ts'
import type { PortChoice } from './listener.ts'

const settingKey = 'formsPort'
const portsToTry = 50

/** The port that worked first is kept with the workspace: forms on websites point at it. */
export function portFromSettings(store: Store, firstPort = 4850): PortChoice {
  const read = async () => {
    const row = await store.read.db
      .selectFrom('setting')
      .select('value')
      .where('key', '=', settingKey)
      .executeTakeFirst()
    const port = Number(row?.value)
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
  }
  return {
    candidates: async () => {
      const kept = await read()
      return kept ? [kept] : Array.from({ length: portsToTry }, (_, index) => firstPort + index)
    },
    chosen: async (port) => {
      if ((await read()) === port) return
      await store.write((tx) => writeSetting(tx, settingKey, String(port)))
    },
  }
}
