import { silentLog } from '../../../src/lib/log.ts'
import { makeBackup } from '../../../src/store/backup.ts'
import { openStore } from '../../../src/store/open.ts'
import { prepareRestore } from '../../../src/store/restore.ts'

/** Does one thing with a workspace in a process that the test may kill at any moment. */
const [what, folder = '', path = ''] = process.argv.slice(2)
const store = openStore(folder, silentLog)
process.send?.('open')
if (what === 'backup') await makeBackup(store, folder, path, 2)
else await prepareRestore(store, folder, path, 2)
process.send?.('done')
await store.close()
process.disconnect()
