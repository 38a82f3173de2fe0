import { describe, expect, it } from 'vitest'
import { initialState, reduce, type WindowAction, type WindowState } from '../../../renderer/shell/window-state.ts'

const having = (...actions: WindowAction[]): WindowState => actions.reduce(reduce, initialState)

describe('the state of the window', () => {
  it('closes one thing at a time on Esc', () => {
    let state = having(
      { do: 'search', text: 'kitchen' },
      { do: 'check', leadId: 5 },
      { do: 'open', personId: 1 },
      { do: 'card', open: true },
    )
    const steps: string[] = []
    for (let step = 0; step < 5; step += 1) {
      state = reduce(state, { do: 'back' })
      steps.push(`${state.cardOpen ? 'card ' : ''}${state.pane} ${state.checked.size} ${state.search}`.trim())
    }
    expect(steps).toEqual(['person 1 kitchen', 'list 1 kitchen', 'list 0 kitchen', 'list 0', 'list 0'])
  })

  it('leaves the settings for the leads when a person is opened from there', () => {
    const state = having({ do: 'go', page: { kind: 'settings', section: 'team' } }, { do: 'open', personId: 3 })
    expect(state).toMatchObject({ page: { kind: 'leads' }, personId: 3, pane: 'person' })
  })

  it('forgets marks and searches when the view changes, but not who is open', () => {
    const state = having(
      { do: 'open', personId: 3 },
      { do: 'check', leadId: 5 },
      { do: 'search', text: 'x' },
      { do: 'go', page: { kind: 'leads', view: 'hot' } },
    )
    expect(state).toMatchObject({ personId: 3, search: '' })
    expect(state.checked.size).toBe(0)
  })

  it('tells a second jump to the same entry from the first', () => {
    const jump: WindowAction = { do: 'jump', personId: 1, interactionId: 2, words: [] }
    expect(having(jump, jump).jump?.seq).toBe(2)
  })

  it('asks the composer for the focus until it has it, and stops asking on Esc or for somebody else', () => {
    const ask: WindowAction = { do: 'focus', mode: 'note' }
    // The card lies over the composer where the window is narrow.
    expect(having({ do: 'card', open: true }, ask)).toMatchObject({
      pane: 'person',
      cardOpen: false,
      focus: { mode: 'note' },
    })
    const over: WindowAction[] = [{ do: 'focused' }, { do: 'back' }, { do: 'open', personId: 4 }]
    for (const it of over) expect(having({ do: 'open', personId: 3 }, ask, it).focus).toBeNull()
  })

  it('marks and unmarks', () => {
    const mark: WindowAction = { do: 'check', leadId: 5 }
    expect([...having(mark).checked]).toEqual([5])
    expect([...having(mark, mark).checked]).toEqual([])
  })
})
