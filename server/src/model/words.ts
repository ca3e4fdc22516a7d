// Pieces of the sentences that messages and reports are made of, and words in texts.

/** "a", "a and b", "a, b and c"; `word` stands before the last. */
export function listed(items: readonly string[], word: "and" | "or" = "and"): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)}`;
}

/** As a sentence begins. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Whether a text has the name for a word of its own, in either case. */
export function mentionsWord(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w$])`, "i").test(text);
}
