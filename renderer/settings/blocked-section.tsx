import { Button, Skeleton, Stack } from '@mantine/core'
import { IconMail, IconMessages, IconPhone } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { useHandleMarks } from '../person/use-handle-marks.ts'
import { call } from '../rpc/call.ts'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/now.tsx'
import { usePlace } from '../ui/place.tsx'
import { plural, shortMoment } from '../ui/time-format.ts'
import styles from './settings.module.css'

type Page = MethodOutput<'people.blocks'>
type Block = Page['blocks'][number]
type Key = { readonly at: number; readonly id: number } | null

const glyphs = { email: IconMail, phone: IconPhone, chat: IconMessages } as const

/** Everybody who is blocked, since when, by whom, and what came from them. */
export function BlockedSection() {
  const list = useInfiniteQuery({
    queryKey: ['people.blocks'],
    initialPageParam: null as Key,
    queryFn: ({ pageParam }) => call('people.blocks', { before: pageParam, limit: 50 }),
    getNextPageParam: (page: Page): Key | undefined => {
      const last = page.blocks.at(-1)
      return page.more && last ? { at: last.at, id: last.handleId } : undefined
    },
  })
  const blocks = list.data?.pages.flatMap((page) => page.blocks) ?? []
  return (
    <Stack gap="md">
      <p className={styles.lead}>
        What comes from here is kept in their timeline. It opens no lead, rings for nobody and gets no answer by itself.
        Block somebody on their card, in the palette or with many marked leads at once.
      </p>
      {list.isError && !list.data && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={90} aria-label="The list is being fetched" />}
      {list.data && blocks.length === 0 && <p className={styles.dim}>Nobody is blocked.</p>}
      {blocks.length > 0 && (
        <div className={styles.box}>
          {blocks.map((it) => (
            <BlockRow key={it.handleId} block={it} />
          ))}
        </div>
      )}
      {list.hasNextPage && (
        <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Blocked before
        </Button>
      )}
    </Stack>
  )
}

function BlockRow({ block }: { readonly block: Block }) {
  const { act } = useWindow()
  const marks = useHandleMarks()
  const place = usePlace()
  const now = useNow('minute')
  const { handleId, personId, name, kind, display, at, by, came } = block
  const GlyphOf = glyphs[kind]
  return (
    <div className={styles.row}>
      <GlyphOf size={18} aria-hidden="true" />
      <div className={styles.grow}>
        <div className={styles.ellipsis} dir="auto" title={display}>
          <b>{display}</b>
          {name !== display && ` · ${name}`}
        </div>
        <div className={`${styles.dim} ${styles.ellipsis}`}>
          Since {shortMoment(at, now, place)}
          {by !== null && ` by ${by}`} · {came === 0 ? 'nothing came since' : `${plural(came, 'thing')} came since`}
        </div>
      </div>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-label={`Open ${name}`}
        onClick={() => act({ do: 'open', personId })}
      >
        Open
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Unblock ${display}`}
        onClick={() => marks.unblock([{ id: handleId }], display)}
      >
        Unblock
      </Button>
    </div>
  )
}
