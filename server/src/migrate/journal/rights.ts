// What the role that reads may do with the owner's table. Texts and readings alone: record.ts asks, and
// run/lacking-rights.ts says what that means for a run.
import type { QualifiedName } from "../../model/schema";
import { regclass } from "./table";

export interface JournalRights {
  readonly user: string;
  readonly owner: string;
  /** The role owns the table, or is a member of the role that does. */
  readonly owns: boolean;
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  /** Of the table's own numbers, quoted, where the role may not take them. */
  readonly sequence: string | null;
}

/** One row, one value: for `readRights`; null where the table does not exist yet. */
export function rightsSql(journal: QualifiedName): string {
  const may = (what: string): string => `'${what}', pg_catalog.has_table_privilege(c.oid, '${what}')`;
  const sequence = `(select s.oid::pg_catalog.regclass::text from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = c.oid and d.deptype = 'a' and case when s.relkind = 'S' then not pg_catalog.has_sequence_privilege(s.oid, 'USAGE, UPDATE') end limit 1)`;
  return `select pg_catalog.json_build_object('user', current_user, 'owner', pg_catalog.pg_get_userbyid(c.relowner), 'owns', pg_catalog.pg_has_role(c.relowner, 'USAGE'), ${["insert", "update", "delete"].map(may).join(", ")}, 'sequence', ${sequence})::text from pg_catalog.pg_class c where c.oid = ${regclass(journal)}`;
}

/** `text` as `rightsSql` gives it. */
export function readRights(text: string | null | undefined): JournalRights | undefined {
  return text === null || text === undefined ? undefined : (JSON.parse(text) as JournalRights);
}
