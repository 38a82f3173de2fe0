import type { Task } from '../../src/contact/tasks/contract.ts'
import type { ListName, SavedView } from '../../src/inbox/contract.ts'

export type SettingsSection =
  | 'business'
  | 'team'
  | 'routing'
  | 'channels'
  | 'sla'
  | 'firstAnswer'
  | 'score'
  | 'review'
  | 'templates'
  | 'enrichment'
  | 'import'
  | 'blocked'
  | 'preferences'
  | 'backup'

/** Where the dialog about the end of a lead begins. */
export type OutcomeStep = 'choose' | 'won' | 'lost' | 'disqualified'

export type Page =
  | { readonly kind: 'leads'; readonly view: ListName }
  | { readonly kind: 'settings'; readonly section: SettingsSection }
  | { readonly kind: 'health' }
  | { readonly kind: 'reports' }
  | { readonly kind: 'tasks' }
  | { readonly kind: 'duplicates' }

export type ComposerMode = 'text' | 'email' | 'chat' | 'note'

/** The dialog on top of everything; one at a time. `leadIds` are the leads it is about. */
export type Dialog =
  | {
      readonly kind: 'snooze' | 'assign' | 'label' | 'template'
      readonly leadIds: readonly number[]
      readonly title: string
    }
  | {
      readonly kind: 'judge'
      readonly leadIds: readonly number[]
      readonly title: string
      readonly step: OutcomeStep
    }
  /** `person` null: asks who it was. */
  | { readonly kind: 'logCall'; readonly person: { readonly personId: number; readonly name: string } | null }
  /** `callId`: they asked in this call to be called back. */
  | {
      readonly kind: 'task'
      readonly personId: number
      readonly name: string
      readonly task: Task | null
      readonly callId?: number
    }
  | { readonly kind: 'compose'; readonly number?: string }
  | { readonly kind: 'touch'; readonly person: { readonly personId: number; readonly name: string } | null }
  | { readonly kind: 'merge'; readonly personId: number; readonly otherId: number | null }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'help' | 'keys' }
  /** A view to change, or a search to keep as a new one. */
  | { readonly kind: 'view'; readonly view: SavedView | null; readonly query: string }

export type WindowState = {
  readonly page: Page
  readonly personId: number | null
  /** Below 900 px only one pane is seen: this one. */
  readonly pane: 'list' | 'person'
  /** The person card as a sheet, where there is no room for it beside the timeline. */
  readonly cardOpen: boolean
  readonly checked: ReadonlySet<number>
  readonly search: string
  /** An entry of the timeline to scroll to; `seq` tells a second jump to the same entry from the first. */
  readonly jump: {
    readonly personId: number
    readonly interactionId: number
    readonly words: readonly string[]
    readonly seq: number
  } | null
  /** Asks the composer to take the focus, until it did; `mode` null is the channel they came in on. */
  readonly focus: {
    readonly mode: ComposerMode | null
    /** Pass on this mail, or the newest. */
    readonly forward?: number | 'newest'
  } | null
  readonly dialog: Dialog | null
}

export type WindowAction =
  | { readonly do: 'go'; readonly page: Page }
  | { readonly do: 'pick'; readonly personId: number | null }
  | { readonly do: 'open'; readonly personId: number }
  | { readonly do: 'back' }
  | { readonly do: 'check'; readonly leadId: number }
  | { readonly do: 'checkAll'; readonly leadIds: readonly number[] }
  | { readonly do: 'uncheckAll' }
  | { readonly do: 'search'; readonly text: string }
  | {
      readonly do: 'jump'
      readonly personId: number
      readonly interactionId: number
      readonly words: readonly string[]
    }
  | { readonly do: 'focus'; readonly mode: ComposerMode | null }
  | { readonly do: 'forward'; readonly interactionId: number | null }
  | { readonly do: 'focused' }
  | { readonly do: 'dialog'; readonly dialog: Dialog | null }
  | { readonly do: 'card'; readonly open: boolean }

export const initialState: WindowState = {
  page: { kind: 'leads', view: 'inbox' },
  personId: null,
  pane: 'list',
  cardOpen: false,
  checked: new Set(),
  search: '',
  jump: null,
  focus: null,
  dialog: null,
}

export function reduce(state: WindowState, action: WindowAction): WindowState {
  switch (action.do) {
    case 'go':
      return {
        ...state,
        page: action.page,
        pane: 'list',
        cardOpen: false,
        checked: new Set(),
        search: '',
        focus: null,
        dialog: null,
      }
    case 'pick':
      return action.personId === state.personId
        ? state
        : { ...state, personId: action.personId, jump: null, focus: null }
    case 'open':
      return {
        ...onLeads(state),
        personId: action.personId,
        pane: 'person',
        cardOpen: false,
        jump: null,
        focus: null,
        dialog: null,
      }
    case 'back':
      return back(state)
    case 'check': {
      const checked = new Set(state.checked)
      if (!checked.delete(action.leadId)) checked.add(action.leadId)
      return { ...state, checked }
    }
    case 'checkAll':
      return { ...state, checked: new Set([...state.checked, ...action.leadIds]) }
    case 'uncheckAll':
      return { ...state, checked: new Set() }
    case 'search':
      return { ...onLeads(state), search: action.text, pane: 'list' }
    case 'jump': {
      const { personId, interactionId, words } = action
      return {
        ...onLeads(state),
        personId,
        pane: 'person',
        focus: null,
        jump: { personId, interactionId, words, seq: (state.jump?.seq ?? 0) + 1 },
      }
    }
    case 'focus':
      return { ...state, pane: 'person', cardOpen: false, focus: { mode: action.mode }, dialog: null }
    case 'forward': {
      const forward = action.interactionId ?? 'newest'
      return { ...state, pane: 'person', cardOpen: false, focus: { mode: 'email', forward }, dialog: null }
    }
    case 'focused':
      return { ...state, focus: null }
    case 'dialog':
      return { ...state, dialog: action.dialog }
    case 'card':
      return { ...state, cardOpen: action.open }
  }
}

/** Esc closes what is on top, one thing at a time. */
function back(state: WindowState): WindowState {
  if (state.focus) return { ...state, focus: null }
  if (state.cardOpen) return { ...state, cardOpen: false }
  if (state.page.kind !== 'leads') return { ...state, page: initialState.page }
  if (state.pane === 'person') return { ...state, pane: 'list' }
  if (state.checked.size > 0) return { ...state, checked: new Set() }
  if (state.search !== '') return { ...state, search: '' }
  return state
}

/** Esc would close nothing. */
export const isNothingOpen = (state: WindowState): boolean => back(state) === state

const onLeads = (state: WindowState): WindowState =>
  state.page.kind === 'leads' ? state : { ...state, page: initialState.page }
