import { ActionIcon, Button, Group, Input, Modal, Select, Stack, TextInput, Tooltip } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { SavedView, ViewIcon, ViewSort } from '../../src/inbox/contract.ts'
import { call } from '../rpc/call.ts'
import { useEngine } from '../rpc/queries.ts'
import { useUndo } from '../shell/undo.tsx'
import { useWindow } from '../shell/window-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useReport } from '../ui/report.tsx'
import styles from './dialogs.module.css'
import { readyViews } from './ready-views.ts'
import { viewIcons } from './view-icons.ts'

type Props = { readonly view: SavedView | null; readonly query: string }

const orders: readonly { readonly value: ViewSort; readonly label: string }[] = [
  { value: 'due', label: 'What is due first' },
  { value: 'newest', label: 'What happened last' },
  { value: 'score', label: 'Highest score first' },
  { value: 'fit', label: 'Best fit first' },
  { value: 'engagement', label: 'Most engaged first' },
]

/** A search that becomes a place in the rail: its name, its sign, its order. */
export function ViewDialog({ view, query }: Props) {
  const { act } = useWindow()
  const [problem, setProblem] = useState<unknown>(null)
  const form = useForm({
    initialValues: {
      name: view?.name ?? '',
      icon: view?.icon ?? ('list' as ViewIcon),
      query: view?.query ?? query,
      sort: view?.sort ?? ('due' as ViewSort),
    },
    validate: (values) => ({
      name: values.name.trim() === '' ? 'What should it be called?' : null,
      query: values.query.trim() === '' ? 'Which leads should be in it?' : null,
    }),
  })
  const [asked] = useDebouncedValue(form.values.query.trim(), 200)
  const check = useEngine('inbox.search', { text: asked, limit: 1 }, { enabled: asked !== '' })
  const close = () => act({ do: 'dialog', dialog: null })
  const save = form.onSubmit((values) => {
    call('inbox.saveView', { id: view?.id ?? null, ...values }).then(({ id }) => {
      act({ do: 'go', page: { kind: 'leads', view: `saved:${id}` } })
    }, setProblem)
  })
  return (
    <Modal
      opened
      onClose={close}
      title={view ? `Change “${view.name}”` : query ? 'Keep this search as a view' : 'New view'}
      size={460}
    >
      <form onSubmit={save}>
        <Stack gap="sm">
          {problem !== null && <ErrorNotice error={problem} />}
          {view === null && query === '' && (
            <Group gap={6} role="group" aria-label="Ready-made views">
              {readyViews.map((it) => (
                <Button key={it.name} size="compact-sm" variant="default" onClick={() => form.setValues(it)}>
                  {it.name}
                </Button>
              ))}
            </Group>
          )}
          <TextInput label="Name" data-autofocus dir="auto" maxLength={40} {...form.getInputProps('name')} />
          <TextInput
            label="Leads that fit"
            description="Words and filters, as in the search. Open leads, unless you add is:any or is:done."
            maxLength={500}
            spellCheck={false}
            {...form.getInputProps('query')}
          />
          {check.data?.problems.map((it) => (
            <p key={it} className={styles.text} role="status">
              {it}
            </p>
          ))}
          <Select
            label="Order"
            data={orders.map((it) => ({ ...it }))}
            allowDeselect={false}
            {...form.getInputProps('sort')}
          />
          <Input.Wrapper label="Sign" labelElement="div">
            <Group gap={4} role="radiogroup" aria-label="Sign">
              {(Object.keys(viewIcons) as ViewIcon[]).map((name) => {
                const { icon: IconOf, label } = viewIcons[name]
                const on = form.values.icon === name
                return (
                  <Tooltip key={name} label={label}>
                    <ActionIcon
                      variant={on ? 'filled' : 'default'}
                      size={32}
                      role="radio"
                      aria-checked={on}
                      aria-label={label}
                      onClick={() => form.setFieldValue('icon', name)}
                    >
                      <IconOf size={17} />
                    </ActionIcon>
                  </Tooltip>
                )
              })}
            </Group>
          </Input.Wrapper>
          <Group justify="space-between">
            <Group gap={4}>{view && <Place view={view} />}</Group>
            <Group>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit">{view ? 'Save' : 'Keep it'}</Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Where it stands in the rail, and the way out of it. */
function Place({ view }: { readonly view: SavedView }) {
  const { act } = useWindow()
  const undo = useUndo()
  const report = useReport()
  const views = useEngine('inbox.views', {}).data?.views ?? []
  const at = views.findIndex((it) => it.id === view.id)
  const move = (before: number | null) => void call('inbox.moveView', { id: view.id, before }).catch(report)
  const remove = () => {
    act({ do: 'go', page: { kind: 'leads', view: 'inbox' } })
    call('inbox.removeView', { id: view.id }).then(
      () =>
        undo.offer({
          label: `Removed the view “${view.name}”`,
          undo: async () => void (await call('inbox.restoreView', { id: view.id })),
        }),
      report,
    )
  }
  return (
    <>
      <Tooltip label="Up in the rail">
        <ActionIcon
          variant="default"
          size={32}
          aria-label="Up in the rail"
          disabled={at <= 0}
          onClick={() => move(views[at - 1]?.id ?? null)}
        >
          <IconArrowUp size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Down in the rail">
        <ActionIcon
          variant="default"
          size={32}
          aria-label="Down in the rail"
          disabled={at < 0 || at === views.length - 1}
          onClick={() => move(views[at + 2]?.id ?? null)}
        >
          <IconArrowDown size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Remove this view">
        <ActionIcon variant="default" size={32} color="red" aria-label="Remove this view" onClick={remove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
