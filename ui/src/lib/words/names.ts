/** A name that people gave, as a part of a file's name. */
export function fileName(text: string): string {
  return text.replace(/[/\\:*?"<>|]/g, '-');
}
