export const MAX_TAGS = 50;
export const MAX_TAG_LENGTH = 100;

/** `vip, Berlin; vip` → vip, Berlin: what stands between commas, semicolons or bars, each once. What is too much is left out. */
export function readTags(text: string): string[] {
  return uniqueTags(text.split(/[,;|]/)).slice(0, MAX_TAGS);
}

/** Without blanks around them, empty and repeated ones. */
export function uniqueTags(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => tag.trim().slice(0, MAX_TAG_LENGTH)).filter((tag) => tag !== '');
  return [...new Set(clean)];
}
