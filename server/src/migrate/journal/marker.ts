// How far a migration has come that cannot be in one transaction: a comment on the owner's table, written in the
// transaction of the step that it stands for. Owners do not read it, and it is gone when the migration is at its end.
import { createHash } from "node:crypto";
import type { MigrationPart } from "../../model/migration";
import type { QualifiedName } from "../../model/schema";
import { literal, quoted } from "./table";

export interface Marker {
  readonly migration: string;
  readonly direction: "up" | "down";
  /** Of the part's text, so that an edited one is not taken for the one that was begun. */
  readonly hash: string;
  /** How many of its steps are done. */
  readonly done: number;
  /** The next step was begun, and cannot be recognised in the catalogue. */
  readonly trying: boolean;
  /** The table's comment before, which it gets back. */
  readonly before: string | null;
}

const sign = "plumbline: ";

/** One row, one value. */
export function markerSql(journal: QualifiedName): string {
  return `select pg_catalog.obj_description(pg_catalog.to_regclass(${literal(quoted(journal))}), 'pg_class')`;
}

/** `comment` as `markerSql` gives it: the marker in it, or what was there before. */
export function readMarker(comment: string | null): Marker | undefined {
  if (!comment?.startsWith(sign)) return undefined;
  try {
    return JSON.parse(comment.slice(sign.length)) as Marker;
  } catch {
    return undefined;
  }
}

export function setMarkerSql(journal: QualifiedName, marker: Marker): string {
  return `comment on table ${quoted(journal)} is ${literal(sign + JSON.stringify(marker))}`;
}

export function clearMarkerSql(journal: QualifiedName, { before }: Pick<Marker, "before">): string {
  return `comment on table ${quoted(journal)} is ${before === null ? "null" : literal(before)}`;
}

export function hashOf(part: MigrationPart): string {
  return createHash("sha256").update(part.sql).digest("hex").slice(0, 16);
}
