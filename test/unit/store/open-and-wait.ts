import { silentLog } from '../../../src/lib/log.ts'
import { openStore } from '../../../src/store/open.ts'

/** An engine in a process of its own, as far as the store goes: opens, writes one person, and waits to be killed. */
const store = openStore(process.argv[2] ?? '', silentLog)
await store.write((tx) =>
  tx.db.insertInto('person').values({ name: 'Ana', name_rank: 1, created_at: 1, updated_at: 1 }).execute(),
)
process.send?.('open')
setInterval(() => {}, 60_000)
