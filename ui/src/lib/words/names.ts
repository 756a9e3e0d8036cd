/** A name that people gave, as a part of a file's name. */
export function fileName(text: string): string {
  return text.replace(/[/\\:*?"<>|]/g, '-');
}

/** Today, as a part of a file's name: 2026-11-21. */
export function today(): string {
  return new Date().toLocaleDateString('sv');
}
