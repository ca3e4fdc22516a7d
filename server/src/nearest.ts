// The word that somebody who mistyped most likely meant. Used wherever a name of the user's is not known:
// commands, options, settings, rules.

/** The nearest of `words` to `word` by edit distance, ignoring case; undefined where none is near enough (more than a third of the letters wrong). The first of equals wins. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(wanted.length, 3) / 3) + 1;
  for (const candidate of words) {
    const known = candidate.toLowerCase();
    // "warn" is nearer to "warning" than its three missing letters say.
    const begins = wanted.length >= 3 && known.startsWith(wanted);
    const distance = begins ? Math.min(known.length - wanted.length, 1) : editDistance(wanted, known, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** "; did you mean \"x\"?" for the end of a message, or an empty string. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const found = nearest(word, words);
  return found === undefined ? "" : `; did you mean "${found}"?`;
}

/** Damerau-Levenshtein distance with neighbouring swaps, cut off at `limit`. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, beforeLast[column - 2]! + 1);
      }
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length]!;
}
