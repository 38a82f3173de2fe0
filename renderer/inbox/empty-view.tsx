import { Button } from '@mantine/core'
import {
  IconAt,
  IconBellCheck,
  IconBellZ,
  IconChecks,
  IconFileImport,
  IconFlame,
  IconInbox,
  IconPhone,
  IconPhonePlus,
  IconSearchOff,
  IconUsers,
} from '@tabler/icons-react'
import { type InboxView, inboxView, type ListName, nameIn } from '../../src/inbox/contract.ts'
import { useEngine } from '../rpc/queries.ts'
import { useWindow } from '../shell/window-context.tsx'
import { Empty } from '../ui/empty.tsx'

const words: Readonly<Record<Exclude<InboxView, 'inbox'>, readonly [typeof IconInbox, string, string]>> = {
  hot: [IconFlame, 'No hot leads', 'Leads with a score above your hot mark show up here first.'],
  due: [IconBellCheck, 'Nothing is due', 'Everybody who waits for you has been answered.'],
  waiting: [IconChecks, 'You wait for nobody', 'People you answered and who have not replied yet show up here.'],
  mine: [IconChecks, 'Nothing of yours', 'Leads you own show up here. Take one with Assign.'],
  unassigned: [IconUsers, 'Every lead has an owner', 'Leads nobody owns yet show up here.'],
  calls: [IconPhone, 'No calls to return', 'Missed calls and voicemails show up here.'],
  snoozed: [IconBellZ, 'Nothing is snoozed', 'Snooze a lead to see it again later.'],
  done: [IconChecks, 'Nothing is done yet', 'Leads that you mark done show up here.'],
  mentions: [IconAt, 'Nobody asked for you', 'Notes in which somebody writes @ and your name show up here.'],
  all: [IconUsers, 'Nobody here yet', 'Everybody who ever wrote, called or filled in a form shows up here.'],
}

const savedWords = [
  IconSearchOff,
  'Nothing fits this view now',
  'Leads that fit its search show up here. Change the search with the pencil above.',
] as const
const nobodyFrom = [
  IconUsers,
  'Nobody comes after that',
  'Names from there on show up here. Type another letter.',
] as const
const isBuiltIn = (view: Exclude<ListName, 'inbox'>): view is Exclude<InboxView, 'inbox'> =>
  inboxView.safeParse(view).success

/** An empty view says what would fill it; an empty inbox whether anything can arrive at all. */
export function EmptyView({ view }: { readonly view: ListName }) {
  const { act } = useWindow()
  if (view === 'inbox') return <EmptyInbox />
  const from = nameIn(view)
  const [icon, title, text] =
    from === '' ? words.all : from !== null ? nobodyFrom : isBuiltIn(view) ? words[view] : savedWords
  return (
    <Empty icon={icon} title={title}>
      <p>{text}</p>
      {view === 'calls' && (
        <Button
          variant="default"
          leftSection={<IconPhonePlus size={16} />}
          onClick={() => act({ do: 'dialog', dialog: { kind: 'logCall', person: null } })}
        >
          Log a call
        </Button>
      )}
    </Empty>
  )
}

function EmptyInbox() {
  const { act } = useWindow()
  const channels = useEngine('channels.list', {})
  const none = channels.data?.accounts.length === 0
  return (
    <Empty icon={IconInbox} title={none ? 'Nothing can arrive yet' : 'All answered'}>
      {none ? (
        <>
          <p>Connect your mailbox, your phone number or a web form, and leads show up here by themselves.</p>
          <Button onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'channels' } })}>
            Connect a channel
          </Button>
        </>
      ) : (
        <p>
          New mail, missed calls, texts and forms show up here, the most urgent first. Whom you answered stands under
          Waiting.
        </p>
      )}
      <Button
        mt={none ? 'xs' : 0}
        variant="subtle"
        leftSection={<IconFileImport size={16} />}
        onClick={() => act({ do: 'go', page: { kind: 'settings', section: 'import' } })}
      >
        Import contacts
      </Button>
    </Empty>
  )
}
