// What a REINDEX CONCURRENTLY leaves that came to no end: an INVALID index beside the one that it was to rebuild.
// https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY

export interface ReindexLeftover {
  /** Name of the index that was to be rebuilt. */
  readonly original: string;
  /** It is the old one, which the new one has replaced; otherwise the new one, which was not finished. */
  readonly replaced: boolean;
}

/** `name` is an INVALID index's, `others` those of its table's other indexes. Undefined: it was left by something else. */
export function reindexLeftover(name: string, others: readonly string[]): ReindexLeftover | undefined {
  const [, stem, ending] = /^(.+)_cc(new|old)\d*$/s.exec(name) ?? [];
  if (stem === undefined) return undefined;
  // A long name is cut where the ending needs room: 63 bytes at most, and no character is cut in two.
  const wasCut = new TextEncoder().encode(name).length >= 60;
  const original = others.find((other) => other === stem) ?? (wasCut ? others.find((other) => other.startsWith(stem)) : undefined);
  return original === undefined ? undefined : { original, replaced: ending === "old" };
}

/** Two sentences: where it comes from, and what to do. `what` and `original` are as people are to read them. */
export function leftoverAdvice(what: string, original: string, { replaced }: ReindexLeftover): string {
  return replaced
    ? `${what} is what a REINDEX CONCURRENTLY of ${original} has replaced and could not drop: no query uses it, each write maintains it. Drop it; ${original} has been rebuilt.`
    : `${what} was left behind by a REINDEX CONCURRENTLY of ${original} that failed: no query uses it, each write maintains it. Drop it, then rebuild ${original}.`;
}
