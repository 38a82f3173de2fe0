import { Button, Drawer, Group, Menu, Modal, Skeleton, Stack, TextInput, UnstyledButton } from '@mantine/core'
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Judged } from '../../src/analyze/contract.ts'
import type { MethodInput, MethodOutput } from '../../src/rpc/contract.ts'
import { call } from '../rpc/call.ts'
import { useUndo } from '../shell/undo.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { Chip } from '../ui/chip.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { useReport } from '../ui/report.tsx'
import { tierNames } from '../ui/score-words.ts'
import { shortMoment } from '../ui/time-format.ts'
import { channelNames, took } from './report-words.ts'
import styles from './reports.module.css'

export type Behind = {
  readonly title: string
  readonly slice: Omit<MethodInput<'analyze.complianceLeads'>, 'after' | 'limit'>
}
type Page = MethodOutput<'analyze.complianceLeads'>
type Key = Page['next']

const pageSize = 50

/** The leads behind a number: who, how late, whose; a click opens the person, a miss can be excused. */
export function BehindDrawer({ behind, onClose }: { readonly behind: Behind | null; readonly onClose: () => void }) {
  return (
    <Drawer opened={behind !== null} onClose={onClose} position="right" size={520} title={behind?.title}>
      {behind && <Leads behind={behind} />}
    </Drawer>
  )
}

function Leads({ behind }: { readonly behind: Behind }) {
  const { slice } = behind
  const [excusing, setExcusing] = useState<Judged | null>(null)
  const query = useInfiniteQuery<Page, Error, InfiniteData<Page, Key>, readonly unknown[], Key>({
    queryKey: ['analyze.complianceLeads', slice],
    queryFn: ({ pageParam }) => call('analyze.complianceLeads', { ...slice, after: pageParam, limit: pageSize }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  })
  const excuse = useExcuse()
  const rows = (query.data?.pages ?? []).flatMap((it) => it.rows)
  return (
    <>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={240} radius="lg" aria-label="Leads are being fetched" />}
      {query.data && rows.length === 0 && <p className={styles.hint}>Nobody any more: something changed meanwhile.</p>}
      <ul className={styles.behind}>
        {rows.map((it) => (
          <Lead key={it.clockId} it={it} onExcuse={() => setExcusing(it)} onCount={() => excuse(it, null)} />
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {excusing && (
        <ExcuseDialog
          name={excusing.name}
          onClose={() => setExcusing(null)}
          onExcuse={(reason) => {
            setExcusing(null)
            excuse(excusing, reason)
          }}
        />
      )}
    </>
  )
}

/** Excuses a miss or counts it again, at once, with a way back. */
function useExcuse() {
  const client = useQueryClient()
  const undo = useUndo()
  const report = useReport()
  return ({ clockId, name, excused }: Judged, reason: string | null) => {
    const set = async (value: string | null) => {
      await call('analyze.excuse', { clockId, reason: value })
      for (const method of ['analyze.compliance', 'analyze.complianceLeads']) {
        void client.invalidateQueries({ queryKey: [method] })
      }
    }
    const label = reason === null ? `Counts again: ${name}` : `Not counted: ${name}`
    set(reason)
      .then(() => undo.offer({ label, undo: () => set(excused) }))
      .catch(report)
  }
}

type LeadProps = { readonly it: Judged; readonly onExcuse: () => void; readonly onCount: () => void }

function Lead({ it, onExcuse, onCount }: LeadProps) {
  const place = usePlace()
  const now = useNow()
  const { act } = useWindow()
  const late = (it.stoppedAt ?? now) - it.dueAt
  const details = [
    tierNames[it.tier],
    ...(it.channel ? [channelNames[it.channel]] : []),
    it.owner ?? 'Nobody’s',
    shortMoment(it.startedAt, now, place),
  ]
  return (
    <li className={styles.lead}>
      <UnstyledButton className={styles.leadMain} onClick={() => act({ do: 'open', personId: it.personId })}>
        <b dir="auto">{it.name || 'Somebody without a name'}</b>
        <span dir="auto">{details.join(' · ')}</span>
        {it.excused !== null && <span dir="auto">Excused: {it.excused}</span>}
      </UnstyledButton>
      {it.verdict === 'met' ? (
        <Chip state="ok">{took((it.stoppedAt ?? it.dueAt) - it.startedAt)}</Chip>
      ) : (
        <Chip state={it.verdict === 'excused' ? 'quiet' : 'late'}>
          {it.stoppedAt === null ? 'no answer' : `${took(late)} late`}
        </Chip>
      )}
      {it.verdict === 'missed' && (
        <Button variant="subtle" size="compact-xs" aria-label={`Excuse: ${it.name}`} onClick={onExcuse}>
          Excuse
        </Button>
      )}
      {it.verdict === 'excused' && (
        <Button variant="subtle" size="compact-xs" aria-label={`Count again: ${it.name}`} onClick={onCount}>
          Count
        </Button>
      )}
    </li>
  )
}

const reasons = ['Holiday or closed', 'Nobody could be reached', 'Not worth an answer', 'Technical trouble']

type ExcuseProps = {
  readonly name: string
  readonly onClose: () => void
  readonly onExcuse: (reason: string) => void
}

function ExcuseDialog({ name, onClose, onExcuse }: ExcuseProps) {
  const [reason, setReason] = useState('')
  return (
    <Modal opened onClose={onClose} title={`Excuse the late answer to ${name}`} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim() !== '') onExcuse(reason.trim())
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Why it should not count"
            description="It stays in the timeline and is shown apart in reports."
            value={reason}
            maxLength={200}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Menu position="bottom-start">
            <Menu.Target>
              <Button variant="default" size="xs" style={{ alignSelf: 'flex-start' }}>
                Common reasons
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {reasons.map((it) => (
                <Menu.Item key={it} onClick={() => setReason(it)}>
                  {it}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={reason.trim() === ''}>
              Do not count it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
