// Row level security and its policies: what differs, and a table with a change of it made.
import { sameMeaning } from "../../compare/expressions/same-meaning";
import type { Change } from "../../model/change";
import type { Expression, Policy, QualifiedName, RowSecurity, SchemaModel, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { tellOfMoreThanTables } from "./step";

type PolicyChange = Extract<Change, { readonly kind: "enable-row-security" | "disable-row-security" | "add-policy" | "drop-policy" | "alter-policy" | "rename-policy" }>;

/** A policy as the owner's own record has it; the texts are those that its tool makes of the code. */
export interface RecordedPolicy extends Pick<Policy, "name" | "as" | "for" | "to"> {
  readonly table: QualifiedName;
  readonly using?: string;
  readonly withCheck?: string;
}

/** What the owner's record says of row level security. */
export interface RecordedRowSecurity {
  /** Tables that have it on, by their policies or without any. */
  readonly enabled: readonly QualifiedName[];
  readonly policies: readonly RecordedPolicy[];
}

/** `wanted` without what could not be read of its policies: such a policy stays as it stands in `before`, and is not made where it does not stand. */
export function withReadPolicies(wanted: SchemaModel, before: SchemaModel): SchemaModel {
  const isUnread = ({ rowSecurity }: Table): boolean => rowSecurity?.policies.some(({ complete }) => !complete) ?? false;
  if (!wanted.tables.some(isUnread)) return wanted;
  const standing = new Map(before.tables.map((table) => [tableKey(table.name), table]));
  return { ...wanted, tables: wanted.tables.map((table) => (isUnread(table) ? readOf(table, standing.get(tableKey(table.name))) : table)) };
}

function readOf({ rowSecurity: given = none, ...table }: Table, before: Table | undefined): Table {
  const had = before && rowSecurityOf(before);
  // Turned on with a policy missing, it would hide rows that are to be seen.
  if (had && given.enabled && !had.enabled) return { ...table, ...(before.rowSecurity && { rowSecurity: had }) };
  const read = given.policies.filter(({ complete }) => complete);
  const nameless = given.policies.some(({ name }) => name === "");
  const kept = (had?.policies ?? []).filter(({ name }) => !read.some((one) => one.name === name) && (nameless || given.policies.some((one) => one.name === name)));
  return { ...table, rowSecurity: { ...given, policies: [...read, ...kept] } };
}

/** Of tables that stand in both. In a database, what its owner has no record of was made by hand and stays. */
export function policyChanges(before: SchemaModel, after: SchemaModel, recorded: RecordedRowSecurity | undefined): readonly Change[] {
  if (!tellOfMoreThanTables(before, after)) return [];
  const wanted = new Map(after.tables.map((table) => [tableKey(table.name), table]));
  const byHand = before.source === "database" && after.source === "drizzle";
  return before.tables.flatMap((table) => {
    const other = wanted.get(tableKey(table.name));
    return other && other.complete && !table.partitionOf ? changesOf(table, other, { byHand, recorded }) : [];
  });
}

interface Known {
  /** What stands may have been made by hand. */
  readonly byHand: boolean;
  readonly recorded: RecordedRowSecurity | undefined;
}

function changesOf(before: Table, after: Table, { byHand, recorded }: Known): readonly Change[] {
  const [had, has] = [rowSecurityOf(before), rowSecurityOf(after)];
  const table = after.name;
  const kept = new Map((recorded?.policies ?? []).filter((one) => sameTable(one.table, table)).map((one) => [one.name, one]));
  const isRecorded = recorded?.enabled.some((name) => sameTable(name, table)) ?? false;
  const standing = new Map(had.policies.map((policy) => [policy.name, policy]));
  const wanted = new Map(has.policies.map((policy) => [policy.name, policy]));
  const declared = (one: RowSecurity): { readonly declared?: true } => (one.declared ? { declared: true } : {});
  return [
    ...(has.enabled && !had.enabled ? [{ kind: "enable-row-security", table, ...declared(has) } as const] : []),
    ...had.policies.flatMap((policy): readonly Change[] => (wanted.has(policy.name) || (byHand && !kept.has(policy.name)) ? [] : [{ kind: "drop-policy", table, policy }])),
    ...has.policies.flatMap((policy): readonly Change[] => {
      const from = standing.get(policy.name);
      if (!from) return [{ kind: "add-policy", table, policy }];
      const record = kept.get(policy.name);
      return isSame(from, policy, before, record) || (byHand && !record && isUnsure(from, policy, before)) ? [] : [{ kind: "alter-policy", table, from, to: policy }];
    }),
    ...(had.enabled && !has.enabled && (!byHand || isRecorded || kept.size > 0) ? [{ kind: "disable-row-security", table, ...declared(had) } as const] : []),
  ];
}

const none: RowSecurity = { enabled: false, policies: [] };

/** What a table has of it. */
export function rowSecurityOf({ rowSecurity }: Table): RowSecurity {
  return rowSecurity ?? none;
}

function isSame(standing: Policy, wanted: Policy, table: Table, record: RecordedPolicy | undefined): boolean {
  if (record && isRecordOf(record, wanted)) return true;
  if (standing.as !== wanted.as || standing.for !== wanted.for || !sameRoles(standing.to, wanted.to)) return false;
  return sameCondition(standing.using, wanted.using, table) && sameCondition(standing.withCheck, wanted.withCheck, table);
}

/** PostgreSQL prints a condition otherwise than it was written: without a record, two texts that are not plainly one may mean the same all the same. */
export function isUnsure(standing: Policy, wanted: Policy, table: Table): boolean {
  const both = (one: Expression | undefined, other: Expression | undefined): boolean => sameCondition(one, other, table) || (one !== undefined && other !== undefined);
  return standing.as === wanted.as && standing.for === wanted.for && sameRoles(standing.to, wanted.to) && both(standing.using, wanted.using) && both(standing.withCheck, wanted.withCheck);
}

/** Policies of `after` that stand in `before`, a database, and may be the same or not: nothing that is at hand says which. */
export function unsurePolicies(before: SchemaModel, after: SchemaModel, recorded: RecordedRowSecurity | undefined): readonly { readonly table: QualifiedName; readonly policy: Policy }[] {
  if (before.source !== "database" || after.source !== "drizzle") return [];
  const standing = new Map(before.tables.map((table) => [tableKey(table.name), table]));
  return after.tables.flatMap((table) => {
    const other = standing.get(tableKey(table.name));
    return other === undefined ? [] : rowSecurityOf(table).policies.flatMap((policy) => {
      const from = rowSecurityOf(other).policies.find(({ name }) => name === policy.name);
      const record = recorded?.policies.find((one) => one.name === policy.name && sameTable(one.table, table.name));
      return policy.complete && from && !record && !isSame(from, policy, other, undefined) && isUnsure(from, policy, other) ? [{ table: table.name, policy }] : [];
    });
  });
}

/** Text for text: then the owner's tool finds nothing to do. */
function isRecordOf(record: RecordedPolicy, { as, for: command, to, using, withCheck }: Policy): boolean {
  const text = (one: Expression | undefined): string | undefined => one && String(one.recorded ?? one.sql);
  return record.as === as && record.for === command && record.to.join("\0") === to.join("\0") && record.using === text(using) && record.withCheck === text(withCheck);
}

/** A database has the role that `current_user` stood for, and `public` alone where it stands among others ("ignoring specified roles other than PUBLIC"). */
function sameRoles(standing: readonly string[], wanted: readonly string[]): boolean {
  if (standing.includes("public") || wanted.includes("public")) return standing.includes("public") && wanted.includes("public");
  const named = wanted.filter((role) => !/^(current_user|current_role|session_user)$/.test(role));
  return standing.length === wanted.length && named.every((role) => standing.includes(role));
}

function sameCondition(standing: Expression | undefined, wanted: Expression | undefined, table: Table): boolean {
  if (!standing || !wanted) return standing === wanted;
  return standing.sql === wanted.sql || sameMeaning(standing, wanted, table);
}

/** The table once the change is made. */
export function withRowSecurity({ rowSecurity = none, ...table }: Table, change: PolicyChange): Table {
  const { policies } = rowSecurity;
  const one = (next: Policy, name: string): readonly Policy[] => policies.map((policy) => (policy.name === name ? next : policy));
  const having = (next: RowSecurity): Table => (next.enabled || next.policies.length > 0 ? { ...table, rowSecurity: next } : table);
  switch (change.kind) {
    case "enable-row-security": return having({ enabled: true, ...(change.declared && { declared: true }), policies });
    case "disable-row-security": return having({ enabled: false, policies });
    case "add-policy": return having({ ...rowSecurity, policies: [...policies, change.policy] });
    case "drop-policy": return having({ ...rowSecurity, policies: policies.filter(({ name }) => name !== change.policy.name) });
    case "alter-policy": return having({ ...rowSecurity, policies: one(change.to, change.from.name) });
    case "rename-policy": return having({ ...rowSecurity, policies: policies.map((policy) => (policy.name === change.from ? { ...policy, name: change.to } : policy)) });
  }
}

/** The policies of a table with another text of each expression. */
export function policiesWith({ rowSecurity }: Table, expression: (one: Expression) => Expression): Pick<Table, "rowSecurity"> {
  if (!rowSecurity) return {};
  return { rowSecurity: { ...rowSecurity, policies: rowSecurity.policies.map((policy) => ({ ...policy, ...(policy.using && { using: expression(policy.using) }), ...(policy.withCheck && { withCheck: expression(policy.withCheck) }) })) } };
}

/** Whether the policy of `table` reads the column: as a database says, else by what it mentions. */
function readsColumn({ reads, using, withCheck }: Policy, table: QualifiedName, of: QualifiedName, column: string): boolean {
  if (reads) return reads.some((one) => one.column === column && sameTable(one.table, of));
  return sameTable(table, of) && [using, withCheck].some((one) => one?.columns.includes(column));
}

/** The policies of all tables that read any of the columns. */
export function policiesOver({ tables }: SchemaModel, columns: readonly { readonly table: QualifiedName; readonly column: string }[]): readonly { readonly table: QualifiedName; readonly policy: Policy }[] {
  return tables.flatMap((table) => rowSecurityOf(table).policies.filter((policy) => columns.some((one) => readsColumn(policy, table.name, one.table, one.column))).map((policy) => ({ table: table.name, policy })));
}
