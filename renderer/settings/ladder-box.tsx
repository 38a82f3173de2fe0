import { Button, Checkbox, MultiSelect, Slider, Stack, Switch, Table } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Alerts, Ladder, LadderStep } from '../../src/contact/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { playAlert } from '../shell/alert-sound.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import { tierNames, tierOrder } from '../ui/score-words.ts'
import { WholeNumber } from '../ui/whole-number.tsx'
import { SaveBar, useSave } from './save-bar.tsx'
import styles from './settings.module.css'

type Tier = keyof Ladder['steps']
type Moment = keyof Ladder['steps'][Tier]

const moments: readonly { readonly key: Moment; readonly name: string }[] = [
  { key: 'half', name: 'Half of the time gone' },
  { key: 'risk', name: 'At risk (80%)' },
  { key: 'late', name: 'Late' },
]
const deeds: readonly { readonly key: keyof LadderStep; readonly name: string }[] = [
  { key: 'sound', name: 'Sound' },
  { key: 'notify', name: 'Notification' },
  { key: 'text', name: 'Text the owner' },
  { key: 'passOn', name: 'Give to another' },
]

/** What happens when a deadline comes near and passes. */
export function LadderBox() {
  const saved = useEngine('contact.ladder', {})
  if (saved.isError && !saved.data) return <ErrorNotice error={saved.error} onRetry={() => void saved.refetch()} />
  if (!saved.data) return null
  return (
    <>
      <LadderForm ladder={saved.data.ladder} />
      <LoudnessBox alerts={saved.data.alerts} />
    </>
  )
}

function LadderForm({ ladder }: { readonly ladder: Ladder }) {
  const members = useEngine('team.list', {}).data?.members ?? []
  const withPhone = members.filter((it) => it.mobile !== null)
  const { busy, problem, save } = useSave()
  const form = useForm<Ladder>({ initialValues: ladder })
  const submit = form.onSubmit((values) => {
    const there = values.textTo.filter((id) => members.some((it) => it.id === id))
    void save(
      () => call('contact.saveLadder', { ladder: { ...values, textTo: there } }),
      () => 'Saved',
    ).then((done) => done && form.resetDirty(values))
  })
  const { steps, repeatHotMinutes, textTo } = form.values
  return (
    <form onSubmit={submit} noValidate className={styles.box}>
      <h3 className={styles.boxTitle}>When it gets late</h3>
      <div className={styles.dim}>
        Only while you are open, or somebody is on call (their hours: day and night). What falls due at night is told
        once, when you open.
      </div>
      <Table.ScrollContainer minWidth={520}>
        <Table withRowBorders={false} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {deeds.map((it) => (
                <Table.Th key={it.key} style={{ textAlign: 'center' }}>
                  {it.name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          {tierOrder.map((tier) => (
            <Table.Tbody key={tier}>
              <Table.Tr>
                <Table.Th scope="rowgroup" colSpan={deeds.length + 1}>
                  {tierNames[tier]}
                </Table.Th>
              </Table.Tr>
              {moments.map((moment) => (
                <Table.Tr key={moment.key}>
                  <Table.Td>{moment.name}</Table.Td>
                  {deeds.map((deed) => (
                    <Table.Td key={deed.key}>
                      <Checkbox
                        styles={{ body: { justifyContent: 'center' } }}
                        aria-label={`${tierNames[tier]}, ${moment.name}: ${deed.name}`}
                        checked={steps[tier][moment.key][deed.key]}
                        onChange={(event) =>
                          form.setFieldValue(`steps.${tier}.${moment.key}.${deed.key}`, event.currentTarget.checked)
                        }
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          ))}
        </Table>
      </Table.ScrollContainer>
      <Stack gap="sm" mt="sm">
        <div className={styles.row}>
          <Switch
            className={styles.grow ?? ''}
            label="Say hot leads again until somebody looks"
            checked={repeatHotMinutes !== null}
            onChange={(event) => form.setFieldValue('repeatHotMinutes', event.currentTarget.checked ? 2 : null)}
          />
          {repeatHotMinutes !== null && (
            <>
              <span className={styles.dim}>every</span>
              <WholeNumber
                size="xs"
                w={76}
                min={1}
                max={60}
                aria-label="Say hot leads again every, in minutes"
                value={repeatHotMinutes}
                onChange={(next) => form.setFieldValue('repeatHotMinutes', next)}
              />
              <span className={styles.dim}>minutes</span>
            </>
          )}
        </div>
        <MultiSelect
          label="Who wants texts"
          description="On their own phone, in their hours: for their leads, for those that nobody took, and for notes that call them."
          placeholder={textTo.length === 0 ? 'Nobody' : ''}
          nothingFoundMessage="Nobody in your team has a mobile number yet."
          data={withPhone.map((it) => ({ value: String(it.id), label: it.name }))}
          value={textTo.map(String)}
          onChange={(ids) => form.setFieldValue('textTo', ids.map(Number))}
        />
        <SaveBar busy={busy} problem={problem} dirty={form.isDirty()} onReset={form.reset} />
      </Stack>
    </form>
  )
}

const hour = 60 * 60_000

/** How loud this is. Every choice counts at once. */
function LoudnessBox({ alerts }: { readonly alerts: Alerts }) {
  const report = useReport()
  const save = (change: Partial<Alerts>) => void call('contact.saveAlerts', change).catch(report)
  const muted = alerts.mutedUntil !== null && alerts.mutedUntil > Date.now() ? alerts.mutedUntil : null
  return (
    <div className={styles.box}>
      <h3 className={styles.boxTitle}>Sound</h3>
      <div className={styles.row}>
        <span className={styles.grow}>Volume</span>
        <Slider
          w={180}
          defaultValue={alerts.volume}
          thumbLabel="Volume"
          label={(value) => (value === 0 ? 'off' : `${value}%`)}
          onChangeEnd={(volume) => {
            playAlert('soon', volume)
            save({ volume })
          }}
        />
        <Button size="compact-sm" variant="subtle" onClick={() => playAlert('late', alerts.volume)}>
          Hear it
        </Button>
      </div>
      <div className={styles.row}>
        <span className={styles.grow}>
          {muted === null ? 'Nothing is muted' : `Muted until ${timeFormat.format(muted)}; then you hear what waited`}
        </span>
        {muted === null ? (
          <>
            <Button size="compact-sm" variant="default" onClick={() => save({ mutedUntil: Date.now() + hour })}>
              Mute for an hour
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => save({ mutedUntil: Date.now() + 4 * hour })}>
              4 hours
            </Button>
          </>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => save({ mutedUntil: null })}>
            Sound again
          </Button>
        )}
      </div>
    </div>
  )
}

const timeFormat = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
