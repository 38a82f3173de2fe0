import type { SavedView } from '../../src/inbox/contract.ts'

/** Views that many businesses want, to start from. */
export const readyViews: readonly Omit<SavedView, 'id'>[] = [
  { name: 'Ask again now', icon: 'flag', query: 'is:revisit', sort: 'newest' },
  {
    name: 'Lost 6–12 months ago',
    icon: 'mail',
    query: 'outcome:lost closed:"6-12 months ago" -reason:"do not call"',
    sort: 'newest',
  },
  { name: 'Won this month', icon: 'coin', query: 'outcome:won closed:"this month"', sort: 'newest' },
  { name: 'Best fit first', icon: 'star', query: 'is:open', sort: 'fit' },
  { name: 'Most interested', icon: 'flame', query: 'is:open', sort: 'engagement' },
]
