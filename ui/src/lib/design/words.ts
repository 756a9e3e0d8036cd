/** The words that primitives say themselves; everything else arrives as a prop. */
export const designWords = {
  cancel: 'Cancel',
  capsLock: 'Caps Lock is on',
  close: 'Close',
  copyDetails: 'Copy details',
  dismiss: 'Hide until the next unlock',
  hide: (label: string) => `Hide ${label.toLowerCase()}`,
  isAnythingLost: 'Is anything lost',
  loading: 'Loading',
  messages: 'Messages',
  show: (label: string) => `Show ${label.toLowerCase()}`,
  whatHappened: 'What happened',
  whatNext: 'What next',
} as const;
