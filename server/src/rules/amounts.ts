// Rows, bytes and times as messages and pages say them.

/** `12 M rows`, `340 k rows`, `1 row`. */
export function rowsText(rows: number): string {
  return `${amount(rows)} row${rows === 1 ? "" : "s"}`;
}

/** `12 M`, `3.4 k`, `812`: three digits are enough for an estimate. */
export function amount(count: number): string {
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) if (count >= size) return `${short(count / size)} ${unit}`;
  return String(Math.round(count));
}

/** `3.1 GB`, `640 MB`, `8 kB`; powers of 1,024, as PostgreSQL's pg_size_pretty counts. */
export function sizeText(bytes: number): string {
  for (const [power, unit] of [[4, "TB"], [3, "GB"], [2, "MB"], [1, "kB"]] as const) if (bytes >= 1024 ** power) return `${short(bytes / 1024 ** power)} ${unit}`;
  return `${bytes} bytes`;
}

/** Whole days between two times in milliseconds. */
export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / 86_400_000);
}

function short(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}
