/** The words that primitives say themselves; everything else arrives as a prop. */
export const designWords = {
  cancel: 'Cancel',
  close: 'Close',
  copyDetails: 'Copy details',
  isAnythingLost: 'Is anything lost',
  loading: 'Loading',
  messages: 'Messages',
  whatHappened: 'What happened',
  whatNext: 'What next',
} as const;
