/** Call outcomes, each the digit of its key. On their own, so that the window needs no schemas to show them. */
export const callOutcomes = [
  { digit: 1, label: 'Connected', answered: true },
  { digit: 2, label: 'Left voicemail', answered: false },
  { digit: 3, label: 'No answer', answered: false },
  { digit: 4, label: 'Busy', answered: false },
  { digit: 5, label: 'Callback requested', answered: true },
  { digit: 6, label: 'Meeting booked', answered: true },
  { digit: 7, label: 'Not interested', answered: true },
  { digit: 8, label: 'Wrong number', answered: false },
  { digit: 9, label: 'Do not call', answered: true },
  { digit: 0, label: 'Other', answered: false },
] as const
