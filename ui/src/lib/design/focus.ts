/** Where focus starts when a dialog or sheet opens. */
const FIRST = '[data-first]';
const FIELDS = 'input:not([type="hidden"]), textarea, select, [role="radio"][tabindex="0"]';

/** What is marked as first in `area`, or its first field or button. Tells whether it found one. */
export function focusFirst(area: HTMLElement): boolean {
  const target =
    area.querySelector<HTMLElement>(FIRST) ??
    area.querySelector<HTMLElement>(FIELDS) ??
    area.querySelector<HTMLElement>('button:not([disabled]), a[href], [tabindex="0"]');
  target?.focus();
  return target !== null;
}

/** A click on a message must not close what lies below it. */
export function keepOpenForToasts(event: Event): void {
  if (event.target instanceof Element && event.target.closest('[data-toasts]')) {
    event.preventDefault();
  }
}
