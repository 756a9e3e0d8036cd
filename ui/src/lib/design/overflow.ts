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
  const size = new ResizeObserver(measure);
  const watch = () => {
    for (const child of node.children) size.observe(child);
  };
  const content = new MutationObserver(() => {
    watch();
    measure();
  });
  size.observe(node);
  watch();
  content.observe(node, { childList: true, characterData: true, subtree: true });
  return () => {
    size.disconnect();
    content.disconnect();
  };
};
