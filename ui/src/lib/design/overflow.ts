import type { Attachment } from 'svelte/attachments';

/** A pane that scrolls must be reachable by keyboard; one that does not should not be a stop. */
export const keyboardScroll: Attachment<HTMLElement> = (node) => {
  const measure = () => {
    const scrolls = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
    if (scrolls) node.setAttribute('tabindex', '0');
    else node.removeAttribute('tabindex');
  };
  measure();
  if (typeof ResizeObserver === 'undefined') return;
  const watch = new ResizeObserver(measure);
  watch.observe(node);
  for (const child of node.children) watch.observe(child);
  return () => watch.disconnect();
};
