/** Whether a dialog, a sheet or a menu is open: it takes every key then. */
export const isOpenAbove = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
