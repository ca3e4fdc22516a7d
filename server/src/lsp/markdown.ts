// What makes text of others safe to stand in Markdown: names from schemas and databases are nobody's markup, and no link
// of theirs reaches a hover.

/** A code span that holds any text, backticks included: https://spec.commonmark.org/0.31.2/#code-spans */
export function code(text: string): string {
  const oneLine = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...[...oneLine.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${oneLine}${fence}` : `${fence} ${oneLine} ${fence}`;
}

/** Text with nothing in it that Markdown would take for markup. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&");
}
