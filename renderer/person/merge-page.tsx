import { Button, Skeleton } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { MethodOutput } from '../../src/rpc/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Empty } from '../ui/empty.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './merge.module.css'
import { useMerge } from './use-merge.ts'

type Pair = MethodOutput<'people.allDuplicates'>['pairs'][number]
type Lookalike = Pair['person']

const atOnce = 50

/** Everybody who may be there twice, to be gone through one after the other. */
export function MergePage() {
  const client = useQueryClient()
  const title = useRef<HTMLHeadingElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const query = useEngine('people.allDuplicates', { limit: atOnce })
  // Nothing tells when somebody new looks like somebody: asked again whenever the page is opened.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['people.allDuplicates'] })
    title.current?.focus({ preventScroll: true })
  }, [client])
  const pairs = query.data?.pairs ?? []
  const move = (event: KeyboardEvent) => {
    const step =
      event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0
    if (step === 0) return
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-merge]') ?? [])]
    const row = document.activeElement?.closest('li')
    const at = buttons.findIndex((it) => it.closest('li') === row)
    const next = at < 0 ? buttons[0] : buttons[at + step]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  return (
    <section className={styles.page} aria-label="Duplicates" onKeyDown={move}>
      <header className={styles.pageHead}>
        <h1 ref={title} tabIndex={-1}>
          Maybe the same person
        </h1>
        <p>Nobody is merged by itself. You see both side by side first, and can take them apart again.</p>
      </header>
      {query.isError && !query.data && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton height={160} radius="lg" aria-label="Everybody is being compared" />}
      {query.data && pairs.length === 0 && (
        <div className={styles.nothing}>
          <Empty icon={IconUsers} title="Nobody is there twice">
            Names, numbers, companies and signatures were compared.
          </Empty>
        </div>
      )}
      {pairs.length > 0 && (
        <ul ref={list} className={styles.pairs} aria-label="Suggestions">
          {pairs.map((it) => (
            <PairRow key={`${it.person.personId} ${it.other.personId}`} pair={it} />
          ))}
        </ul>
      )}
      {query.data?.more && <p className={styles.note}>There are more. They come up as you go through these.</p>}
    </section>
  )
}

function PairRow({ pair: { person, other, reasons } }: { readonly pair: Pair }) {
  const { act } = useWindow()
  const { notSame } = useMerge()
  const ids = { personId: person.personId, otherId: other.personId }
  const names = `${person.name} and ${other.name}`
  return (
    <li className={styles.pair} aria-label={names}>
      <div className={styles.two}>
        <One person={person} />
        <One person={other} />
      </div>
      <div className={styles.pairFoot}>
        <span className={styles.reasons} dir="auto">
          {`${reasons.join('. ')}.`}
        </span>
        <Button
          size="compact-sm"
          data-merge
          aria-label={`Merge ${names}…`}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'merge', ...ids } })}
        >
          Merge…
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${names} are not the same`}
          onClick={(event) => {
            const row = event.currentTarget.closest('li')
            const next = row?.nextElementSibling ?? row?.previousElementSibling
            next?.querySelector<HTMLElement>('[data-merge]')?.focus()
            notSame(ids, names)
          }}
        >
          Not the same
        </Button>
      </div>
    </li>
  )
}

function One({ person }: { readonly person: Lookalike }) {
  const { act } = useWindow()
  const reach = person.handles.map((it) => (it.kind === 'chat' ? 'chat' : it.display)).join(', ')
  return (
    <div className={styles.one}>
      <Avatar name={person.name} size={34} />
      <div className={styles.oneText}>
        <button
          type="button"
          className={styles.openName}
          dir="auto"
          onClick={() => act({ do: 'open', personId: person.personId })}
        >
          {person.company ? `${person.name} · ${person.company}` : person.name}
        </button>
        <span className={styles.reach} title={reach}>
          {reach || 'no address, no number'}
        </span>
      </div>
    </div>
  )
}
