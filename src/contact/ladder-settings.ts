import { writeSetting } from '../store/queries/settings.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type Alerts, alerts, type Ladder, ladder } from './contract.ts'

const quiet = { sound: false, notify: false, text: false, passOn: false }

/** What a new workspace starts with. */
export const defaultLadder: Ladder = {
  steps: {
    hot: {
      half: { ...quiet, sound: true, notify: true },
      risk: { ...quiet, sound: true, notify: true, text: true },
      late: { sound: true, notify: true, text: true, passOn: true },
    },
    warm: {
      half: { ...quiet, notify: true },
      risk: { ...quiet, sound: true, notify: true },
      late: { sound: true, notify: true, text: true, passOn: true },
    },
    nurture: { half: quiet, risk: quiet, late: { ...quiet, notify: true, passOn: true } },
  },
  repeatHotMinutes: 2,
  textTo: [],
}

export const defaultAlerts: Alerts = { volume: 70, mutedUntil: null }

/** The ladder as it is in the transaction; what cannot be read is as in a new workspace. */
export async function readLadder(store: ReadStore): Promise<{ readonly ladder: Ladder; readonly alerts: Alerts }> {
  const rows = await store.db.selectFrom('setting').selectAll().where('key', 'in', ['ladder', 'alerts']).execute()
  const savedAs = (key: string): unknown => {
    const row = rows.find((it) => it.key === key)
    try {
      return row && JSON.parse(row.value)
    } catch {
      return undefined
    }
  }
  const savedLadder = ladder.safeParse(savedAs('ladder'))
  const savedAlerts = alerts.safeParse(savedAs('alerts'))
  return {
    ladder: savedLadder.success ? savedLadder.data : defaultLadder,
    alerts: savedAlerts.success ? savedAlerts.data : defaultAlerts,
  }
}

export const saveLadder = (tx: WriteStore, key: 'ladder' | 'alerts', saved: Ladder | Alerts): Promise<void> =>
  writeSetting(tx, key, JSON.stringify(saved))
