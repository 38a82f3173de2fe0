import { portFromSettings } from '../../src/channels/forms/port-setting.ts'
import { silentLog } from '../../src/lib/log.ts'
import { openStore } from '../../src/store/open.ts'
import { formsWorld } from './forms-world.ts'

/**
 * A process with one form on it, started by forms-kill.test.ts. With `die` it kills itself after the commit and before
 * the answer, the worst moment there is.
 */
const [folder = '', accountId = '', die = ''] = process.argv.slice(2)
const store = openStore(folder, silentLog)
const world = await formsWorld({
  store,
  accountId: Number(accountId),
  ports: portFromSettings(store),
  around:
    (deliver) =>
    async (...delivery) => {
      await deliver(...delivery)
      if (die) process.kill(process.pid, 'SIGKILL')
    },
})
process.send?.(await world.url())
