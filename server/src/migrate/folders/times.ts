// Versions that are times, YYYYMMDDHHMMSS in UTC, for migrations that are yet to be written.

/** `count` versions, a second apart, the first at `now`, or later where an existing version would come after it. */
export function nextTimes(versions: readonly string[], now: Date, count: number): readonly string[] {
  const last = Math.max(...versions.map((version) => timeOf(version) ?? -Infinity));
  const first = Math.max(Math.floor(now.getTime() / 1000) * 1000, last + 1000);
  return Array.from({ length: count }, (_, number) => textOf(first + number * 1000));
}

/** Milliseconds since 1970; undefined where the version is no time. */
export function timeOf(version: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/.exec(version)?.slice(1).map((part) => Number(part ?? 0));
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60 ? Date.UTC(year, month - 1, day, hour, minute, second) : undefined;
}

function textOf(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:T]/g, "").slice(0, 14);
}
