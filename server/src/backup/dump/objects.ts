// What a dump consists of, and in which order it can be made again: each object after those that it depends on, otherwise
// by rank and name. Pure.

export interface DumpObject {
  /** "class:oid" of the catalogue (1259:16390), or an id of its own for what has no entry ("data:16390"). */
  readonly id: string;
  /** Entries of the catalogue that come with it: a table's row type, its inline constraints. */
  readonly also?: readonly string[];
  /** Ids that must come before, beside what pg_depend says. */
  readonly needs?: readonly string[];
  readonly rank: number;
  /** For people and for the order: "table public.orders". */
  readonly title: string;
  /** Statements, each with its semicolon. */
  readonly sql: readonly string[];
  /** COPY … TO and FROM, of a table's rows. */
  readonly copy?: { readonly out: string; readonly in: string };
}

/** Order of kinds where nothing else says so. Rows come before whatever checks them one by one. */
export const ranks = {
  schema: 0, extension: 1, collation: 2, type: 3, sequence: 4, function: 5, aggregate: 6, cast: 7, wrapper: 8, server: 9, mapping: 10,
  table: 11, attach: 12, view: 13, default: 14, owned: 15, data: 20, position: 21,
  constraint: 30, index: 31, attachIndex: 32, marks: 33, statistics: 34, foreignKey: 35, rule: 36, trigger: 37, policy: 38, publication: 39, eventTrigger: 40,
  refresh: 50, comment: 60, owner: 61, privilege: 62,
} as const;

/** `edges`: [who depends, on whom], by ids of the catalogue. Throws an `Error` with the titles of objects that depend on each other in a circle. */
export function ordered(objects: readonly DumpObject[], edges: readonly (readonly [string, string])[]): readonly DumpObject[] {
  const byId = new Map<string, DumpObject>();
  for (const object of objects) for (const id of [object.id, ...(object.also ?? [])]) byId.set(id, object);
  const needs = new Map<DumpObject, Set<DumpObject>>();
  const need = (from: DumpObject | undefined, to: DumpObject | undefined): void => {
    if (from === undefined || to === undefined || from === to) return;
    if (!needs.has(from)) needs.set(from, new Set());
    needs.get(from)!.add(to);
  };
  for (const [from, to] of edges) need(byId.get(from), byId.get(to));
  for (const object of objects) for (const id of object.needs ?? []) need(object, byId.get(id));
  const result: DumpObject[] = [];
  const state = new Map<DumpObject, "open" | "done">();
  const visit = (start: DumpObject): void => {
    const path: { readonly object: DumpObject; readonly rest: DumpObject[] }[] = [];
    const enter = (object: DumpObject): void => {
      state.set(object, "open");
      path.push({ object, rest: [...(needs.get(object) ?? [])].sort(byRank).reverse() });
    };
    enter(start);
    while (path.length > 0) {
      const { object, rest } = path.at(-1)!;
      const next = rest.pop();
      if (next === undefined) {
        state.set(object, "done");
        result.push(object);
        path.pop();
      } else if (state.get(next) === "open") {
        const circle = path.slice(path.findIndex((step) => step.object === next)).map((step) => step.object.title);
        throw new Error(circle.join(", "));
      } else if (state.get(next) === undefined) enter(next);
    }
  };
  for (const object of [...objects].sort(byRank)) if (state.get(object) === undefined) visit(object);
  return result;
}

function byRank(a: DumpObject, b: DumpObject): number {
  return a.rank - b.rank || (a.title < b.title ? -1 : a.title > b.title ? 1 : 0);
}
