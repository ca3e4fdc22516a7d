// Row level security in a migration: all of it in one transaction, so that no row is seen meanwhile that is not to be, and
// around what PostgreSQL refuses to alter under a policy.
import { isComputed } from "../../compare/generation";
import { postgres } from "../../dialects/postgres";
import { inverse, type Change } from "../../model/change";
import type { Column, Policy, QualifiedName, SchemaModel } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { policiesOver, rowSecurityOf } from "./policies";
import { bare, type Context, type Step } from "./step";

type PolicyChange = Extract<Change, { readonly kind: "enable-row-security" | "disable-row-security" | "add-policy" | "drop-policy" | "alter-policy" }>;

const kinds: ReadonlySet<Change["kind"]> = new Set(["enable-row-security", "disable-row-security", "add-policy", "drop-policy", "alter-policy"]);

function isOfPolicy(change: Change): change is PolicyChange {
  return kinds.has(change.kind);
}

/** The same changes with the policies of new and of dropped tables as changes of their own: they may speak of other tables. */
export function policiesApart(changes: readonly Change[]): readonly Change[] {
  return changes.flatMap((change): readonly Change[] => {
    if (change.kind !== "add-table" && change.kind !== "drop-table") return [change];
    const { rowSecurity } = change.table;
    if (!rowSecurity || rowSecurity.policies.length === 0) return [change];
    const table = { ...change.table, rowSecurity: { ...rowSecurity, policies: [] } };
    const own = rowSecurity.policies.map((policy): Change => ({ kind: change.kind === "add-table" ? "add-policy" : "drop-policy", table: table.name, policy }));
    return change.kind === "add-table" ? [{ ...change, table }, ...own] : [...own, { ...change, table }];
  });
}

/** `making` follows all that the policies may speak of; `leaving` precedes the tables that go. */
export function policySteps(changes: readonly Change[], context: Context): { readonly making: readonly Step[]; readonly leaving: readonly Step[] } {
  const dropped = new Set(changes.flatMap((change) => (change.kind === "drop-table" ? [tableKey(change.table.name)] : [])));
  const own = changes.filter(isOfPolicy);
  const goes = (change: PolicyChange): boolean => dropped.has(tableKey(change.table));
  const step = (change: PolicyChange): Step => ({
    phase: goes(change) ? "remove" : "checks", up: isAlone(change, context) ? [`${hides}\n${bare(postgres.sql(change))[0]}`] : bare(postgres.sql(change)), down: bare(postgres.sql(inverse(change))), changes: [change], title: `row level security of ${change.table.name}`,
    quiet: context.standing(change.table) === undefined,
  });
  return { making: own.filter((change) => !goes(change)).map(step), leaving: own.filter(goes).map(step) };
}

const hides = "-- The table has no policy: from now on nobody but its owner, and who bypasses row level security, sees or changes a row.";

/** Turned on for a table that has no policy. */
function isAlone(change: PolicyChange, context: Context): boolean {
  const table = context.wanted(change.table);
  return change.kind === "enable-row-security" && table !== undefined && rowSecurityOf(table).policies.length === 0;
}

/**
 * PostgreSQL alters no column's type, and drops no column, under a policy that reads it: such a policy goes before and
 * comes again after, as it is to be from then on, in the same transaction.
 */
export function aroundPolicies(steps: readonly Step[], context: Context): readonly Step[] {
  const made = new Set<Step>();
  /** What an earlier step has left of a policy; undefined: it is gone. */
  const left = new Map<string, Policy | undefined>();
  const result = steps.map((step): Step => {
    const columns = step.changes.flatMap((change) => retyped(change, context));
    const found = columns.length === 0 ? [] : policiesOver(context.before, columns);
    if (found.length === 0) return step;
    const [up, down] = [rebuilds(step.up), rebuilds(step.down)];
    const pairs = found.flatMap(({ table, policy: before }) => {
      const key = JSON.stringify([tableKey(table), before.name]);
      const policy = left.has(key) ? left.get(key) : before;
      if (!policy) return [];
      if (!up) return [{ table, policy, to: policy, change: undefined }];
      const own = steps.find(({ changes: [change] }) => change && isOfPolicy(change) && sameTable(change.table, table) && nameOf(change) === policy.name);
      if (own) made.add(own);
      const change = own?.changes[0];
      // As the code says it: the database's own text may hold casts to the old type.
      const to = change?.kind === "drop-policy" ? undefined : change?.kind === "alter-policy" ? change.to : declared(context.after, table, policy) ?? policy;
      left.set(key, to);
      return [{ table, policy, to, change }];
    });
    const drop = (table: QualifiedName, policy: Policy): readonly string[] => bare(postgres.sql({ kind: "drop-policy", table, policy }));
    const add = (table: QualifiedName, policy: Policy): readonly string[] => bare(postgres.sql({ kind: "add-policy", table, policy }));
    return {
      ...step,
      up: up ? [...pairs.flatMap(({ table, policy }) => drop(table, policy)), ...step.up, ...pairs.flatMap(({ table, to }) => (to ? add(table, to) : []))] : step.up,
      down: down ? [...pairs.flatMap(({ table, to }) => (to ? drop(table, to) : [])), ...step.down, ...pairs.flatMap(({ table, policy }) => add(table, policy))] : step.down,
      changes: [...step.changes, ...pairs.flatMap(({ change }) => change ?? [])],
    };
  });
  return result.filter((_, at) => !made.has(steps[at]!));
}

/** Whether values are really moved over: an enum that merely gets values more is altered in place. */
function rebuilds(statements: readonly string[]): boolean {
  return !statements.every((statement) => /\bADD VALUE\b/.test(statement));
}

function nameOf(change: PolicyChange): string | undefined {
  return change.kind === "alter-policy" ? change.from.name : "policy" in change ? change.policy.name : undefined;
}

function declared({ tables }: SchemaModel, name: QualifiedName, policy: Policy): Policy | undefined {
  const table = tables.find((one) => sameTable(one.name, name));
  return table && rowSecurityOf(table).policies.find((one) => one.name === policy.name && one.complete);
}

interface ColumnOf {
  readonly table: QualifiedName;
  readonly column: string;
}

/** The columns that the change gives another type, or makes anew. */
function retyped(change: Change, { before }: Context): readonly ColumnOf[] {
  switch (change.kind) {
    case "alter-column-type": return [{ table: change.table, column: change.column }];
    case "alter-column-generation": return isComputed(change.from) || isComputed(change.to) ? [{ table: change.table, column: change.from.name }] : [];
    case "alter-enum": {
      const has = ({ type }: Column): boolean => type.enum !== undefined && sameTable(type.enum, change.name);
      return before.tables.flatMap((table) => table.columns.filter(has).map(({ name }) => ({ table: table.name, column: name })));
    }
    default: return [];
  }
}
