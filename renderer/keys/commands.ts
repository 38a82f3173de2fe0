export type CommandId =
  | 'move.down'
  | 'move.up'
  | 'open'
  | 'message.next'
  | 'message.before'
  | 'back'
  | 'details'
  | 'select'
  | 'select.down'
  | 'select.up'
  | 'select.all'
  | 'select.none'
  | 'done'
  | 'reopen'
  | 'snooze'
  | 'waiting'
  | 'ourTurn'
  | 'assign'
  | 'label'
  | 'template'
  | 'judge'
  | 'notALead'
  | 'block'
  | 'handles'
  | 'undo'
  | 'reply'
  | 'text'
  | 'mail'
  | 'forward'
  | 'note'
  | 'compose'
  | 'touch'
  | 'task'
  | 'merge'
  | 'duplicates'
  | 'import'
  | 'dial'
  | 'outcome'
  | 'logCall'
  | 'hangUp'
  | 'search'
  | 'keepView'
  | 'palette'
  | 'urgent'
  | 'help'
  | 'keys'
  | 'go.inbox'
  | 'go.hot'
  | 'go.due'
  | 'go.waiting'
  | 'go.mine'
  | 'go.calls'
  | 'go.snoozed'
  | 'go.done'
  | 'go.unassigned'
  | 'go.people'
  | 'go.mentions'
  | 'go.tasks'
  | 'go.health'
  | 'go.reports'
  | 'go.settings'
  | 'theme'

export type Command = {
  readonly id: CommandId
  readonly title: string
  readonly group: 'Move' | 'Leads' | 'Answer' | 'Calls' | 'Find' | 'Go to' | 'Window'
  /** Combinations that do it: `j`, `mod+k` (Ctrl, on a Mac ⌘), `g i` (one after the other). */
  readonly keys: readonly string[]
  /** Other words people look for in the palette. */
  readonly words?: string
}

/** Every action with its keys: the one list behind the keyboard, the palette and the help sheet. */
export const commands: readonly Command[] = [
  { id: 'move.down', title: 'Next lead', group: 'Move', keys: ['j', 'ArrowDown'] },
  { id: 'move.up', title: 'Previous lead', group: 'Move', keys: ['k', 'ArrowUp'] },
  { id: 'open', title: 'Open', group: 'Move', keys: ['Enter'] },
  { id: 'back', title: 'Back', group: 'Move', keys: ['Escape', 'u'] },
  { id: 'details', title: 'Details', group: 'Move', keys: ['i'], words: 'card person information' },
  { id: 'message.next', title: 'Next message', group: 'Move', keys: ['n'], words: 'timeline conversation' },
  { id: 'message.before', title: 'Message before', group: 'Move', keys: ['p'], words: 'timeline previous' },
  { id: 'urgent', title: 'Most urgent lead', group: 'Move', keys: ['mod+j'], words: 'next late deadline' },
  { id: 'done', title: 'Done', group: 'Leads', keys: ['e'], words: 'archive close' },
  { id: 'snooze', title: 'Snooze', group: 'Leads', keys: ['h', 'b'], words: 'later remind' },
  { id: 'assign', title: 'Assign', group: 'Leads', keys: ['a'], words: 'owner' },
  { id: 'label', title: 'Label', group: 'Leads', keys: ['l'], words: 'tag mark category' },
  {
    id: 'template',
    title: 'Send a template',
    group: 'Leads',
    keys: [],
    words: 'bulk many mail text message campaign',
  },
  {
    id: 'judge',
    title: 'Won, lost, qualified',
    group: 'Leads',
    keys: ['s'],
    words: 'outcome end sold deal disqualified reason value stage',
  },
  { id: 'waiting', title: 'Waiting for their answer', group: 'Leads', keys: ['w'], words: 'their turn pause' },
  { id: 'ourTurn', title: 'Our turn again', group: 'Leads', keys: ['shift+w'], words: 'not waiting' },
  { id: 'select', title: 'Select', group: 'Leads', keys: ['x'], words: 'bulk several mark' },
  { id: 'select.down', title: 'Select, and the next one', group: 'Leads', keys: ['shift+j', 'shift+ArrowDown'] },
  { id: 'select.up', title: 'Select, and the one above', group: 'Leads', keys: ['shift+k', 'shift+ArrowUp'] },
  { id: 'select.all', title: 'Select all', group: 'Leads', keys: ['* a', 'mod+a'], words: 'mark everything bulk' },
  { id: 'select.none', title: 'Select none', group: 'Leads', keys: ['* n'], words: 'unmark' },
  { id: 'reopen', title: 'Open again', group: 'Leads', keys: ['shift+e'], words: 'reopen not done' },
  { id: 'notALead', title: 'Not a lead', group: 'Leads', keys: ['!'], words: 'spam junk' },
  {
    id: 'block',
    title: 'Block',
    group: 'Leads',
    keys: [],
    words: 'spam robocall caller sender number address junk pitch ban',
  },
  {
    id: 'handles',
    title: 'Wrong number, no more texts, use first',
    group: 'Leads',
    keys: [],
    words: 'address e-mail opt out unsubscribe dnc stop prefer',
  },
  { id: 'undo', title: 'Undo', group: 'Leads', keys: ['z', 'mod+z'], words: 'take back' },
  { id: 'reply', title: 'Reply', group: 'Answer', keys: ['r'], words: 'answer' },
  { id: 'text', title: 'Text', group: 'Answer', keys: ['t'], words: 'sms message' },
  { id: 'mail', title: 'Write a mail', group: 'Answer', keys: [], words: 'e-mail message' },
  { id: 'forward', title: 'Forward a mail', group: 'Answer', keys: ['f'], words: 'send on pass fwd' },
  { id: 'note', title: 'Internal note', group: 'Answer', keys: ['m'], words: 'comment memo' },
  { id: 'compose', title: 'Write to somebody new', group: 'Answer', keys: ['c'], words: 'compose add person lead' },
  {
    id: 'touch',
    title: 'Add a lead by hand',
    group: 'Leads',
    keys: ['mod+l'],
    words: 'walk-in referral instagram linkedin facebook trade fair visit new log touch',
  },
  { id: 'task', title: 'Add a task', group: 'Leads', keys: ['shift+t'], words: 'to do remind follow up call back' },
  { id: 'merge', title: 'Merge with somebody', group: 'Leads', keys: [], words: 'duplicate same person join' },
  { id: 'dial', title: 'Call', group: 'Calls', keys: ['d'], words: 'dial phone ring' },
  { id: 'outcome', title: 'Call outcome, or log a call', group: 'Calls', keys: ['o'], words: 'result' },
  {
    id: 'logCall',
    title: 'Log a call with somebody else',
    group: 'Calls',
    keys: [],
    words: 'stranger number phone note add person',
  },
  { id: 'hangUp', title: 'Hang up', group: 'Calls', keys: ['mod+.'], words: 'end call' },
  { id: 'search', title: 'Search', group: 'Find', keys: ['/'], words: 'find' },
  { id: 'keepView', title: 'Keep a search as a view', group: 'Find', keys: [], words: 'save filter list rail new' },
  { id: 'palette', title: 'Every action', group: 'Find', keys: ['mod+k'], words: 'palette command' },
  {
    id: 'duplicates',
    title: 'Find duplicates',
    group: 'Find',
    keys: [],
    words: 'merge twice same person double clean up',
  },
  { id: 'go.inbox', title: 'Inbox', group: 'Go to', keys: ['g i'], words: 'open' },
  { id: 'go.hot', title: 'Hot', group: 'Go to', keys: ['g h'] },
  { id: 'go.due', title: 'Due', group: 'Go to', keys: ['g u'] },
  { id: 'go.mine', title: 'Mine', group: 'Go to', keys: ['g m'] },
  { id: 'go.waiting', title: 'Waiting', group: 'Go to', keys: ['g w'] },
  { id: 'go.snoozed', title: 'Snoozed', group: 'Go to', keys: ['g s'] },
  { id: 'go.done', title: 'Done', group: 'Go to', keys: ['g d'] },
  { id: 'go.calls', title: 'Calls', group: 'Go to', keys: ['g c'] },
  { id: 'go.unassigned', title: 'Without an owner', group: 'Go to', keys: ['g n'], words: 'unassigned' },
  { id: 'go.tasks', title: 'Tasks', group: 'Go to', keys: ['g k'], words: 'to do due follow up' },
  { id: 'go.mentions', title: 'Mentions of you', group: 'Go to', keys: ['g t'], words: 'notes @ team' },
  { id: 'go.people', title: 'People', group: 'Go to', keys: ['g e'], words: 'everyone contacts all' },
  {
    id: 'go.reports',
    title: 'Reports',
    group: 'Go to',
    keys: ['g a'],
    words: 'analyze compliance in time late weekly',
  },
  { id: 'go.health', title: 'Health', group: 'Go to', keys: [], words: 'channels status errors' },
  { id: 'go.settings', title: 'Settings', group: 'Go to', keys: ['mod+,'], words: 'preferences' },
  {
    id: 'import',
    title: 'Import contacts',
    group: 'Window',
    keys: [],
    words: 'csv vcard vcf excel list upload address book people',
  },
  { id: 'help', title: 'Keys', group: 'Window', keys: ['?'], words: 'help shortcuts' },
  { id: 'keys', title: 'Change keys', group: 'Window', keys: [], words: 'shortcuts rebind keyboard own' },
  { id: 'theme', title: 'Switch between light and dark', group: 'Window', keys: [], words: 'theme' },
]

/** The key to print beside an action, or nothing when it has none. */
export function mainKey(id: CommandId): string | undefined {
  return commands.find((it) => it.id === id)?.keys[0]
}
