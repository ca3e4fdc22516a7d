// A number with its noun, as messages and reports say it.

/** "1 table", "2 tables": for nouns that take an s. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
