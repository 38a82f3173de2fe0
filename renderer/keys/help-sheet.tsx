import { Button, Modal } from '@mantine/core'
import { useWindow } from '../shell/window-context.tsx'
import { PlainKeyCap } from '../ui/key-cap.tsx'
import { useKeymap } from '../ui/preferences.tsx'
import styles from './help-sheet.module.css'
import { commandsUnder } from './presets.ts'

const inComposer = [
  { title: 'Send', keys: 'mod+Enter' },
  { title: 'Send and mark done', keys: 'mod+shift+Enter' },
  { title: 'Templates, in an empty message', keys: '/' },
]

/** Every key on one page. */
export function HelpSheet() {
  const { act } = useWindow()
  const commands = commandsUnder(useKeymap())
  const groups = [...new Set(commands.map((it) => it.group))]
  return (
    <Modal opened onClose={() => act({ do: 'dialog', dialog: null })} title="Keys" size={760}>
      <Button
        size="compact-sm"
        variant="default"
        mb="sm"
        onClick={() => act({ do: 'dialog', dialog: { kind: 'keys' } })}
      >
        Change keys
      </Button>
      <div className={styles.sheet}>
        {groups.map((group) => {
          const list = commands.filter((it) => it.group === group && it.keys.length > 0)
          return list.length === 0 ? null : (
            <section key={group}>
              <h3 className={styles.heading}>{group}</h3>
              <dl className={styles.list}>
                {list.map((it) => (
                  <div key={it.id} className={styles.line}>
                    <dt>{it.title}</dt>
                    <dd>
                      {it.keys.map((keys) => (
                        <PlainKeyCap key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
        <section>
          <h3 className={styles.heading}>While writing</h3>
          <dl className={styles.list}>
            {inComposer.map((it) => (
              <div key={it.keys} className={styles.line}>
                <dt>{it.title}</dt>
                <dd>
                  <PlainKeyCap keys={it.keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3 className={styles.heading}>After a call, and in lists</h3>
          <dl className={styles.list}>
            <div className={styles.line}>
              <dt>Outcome, owner, snooze, template</dt>
              <dd>
                <PlainKeyCap keys="1" />
                <PlainKeyCap keys="9" />
                <PlainKeyCap keys="0" />
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </Modal>
  )
}
