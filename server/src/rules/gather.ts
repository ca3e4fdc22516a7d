// What tables say alike, gathered over a whole schema: names, types. It keeps what it gathered, so that after an edit
// only the changed tables are looked at again; what a rule makes of a group is the rule's own business.
import type { SchemaModel, Table } from "../model/schema";

/** One table's word on the group's key. */
export interface Gathered<Value> {
  readonly table: Table;
  readonly value: Value;
}

interface Group<Value> {
  readonly members: Map<Table, readonly Value[]>;
  /** How many values there are of each class. */
  readonly classes: Map<string, number>;
}

interface State<Value> {
  tables: readonly Table[];
  readonly groups: Map<string, Group<Value>>;
  readonly keys: Map<Table, readonly string[]>;
  /** Keys of the groups that `matters` is true of. */
  readonly mattering: Set<string>;
}

/** More schemas than any workspace has; then the one that was asked for longest ago is gathered anew. */
const mostSchemas = 32;

/**
 * A function that gives the groups of a schema that matter, each in the order of the tables. `contribute` must depend
 * on the table, the dialect and the source alone; it gives pairs of a group's key and a value. Whether a group matters is
 * told from how many values of each class it has, so that an edit costs nothing for the thousands that did not change.
 */
export function gather<Value>(
  contribute: (table: Table, schema: Pick<SchemaModel, "dialect" | "source">) => Iterable<readonly [key: string, value: Value]>,
  classOf: (value: Value) => string,
  matters: (classes: ReadonlyMap<string, number>) => boolean,
): (schema: SchemaModel) => readonly (readonly Gathered<Value>[])[] {
  const states = new Map<string, State<Value>>();

  return (schema) => {
    const name = JSON.stringify([schema.id, schema.source, schema.dialect]);
    const state: State<Value> = states.get(name) ?? { tables: [], groups: new Map(), keys: new Map(), mattering: new Set() };
    states.delete(name);
    states.set(name, state);
    if (states.size > mostSchemas) states.delete(states.keys().next().value!);
    if (state.tables !== schema.tables) update(state, schema);
    if (state.mattering.size === 0) return [];
    const positions = new Map(schema.tables.map((table, position) => [table, position]));
    return [...state.mattering].map((key) => {
      const members: (Gathered<Value> & { readonly position: number })[] = [];
      for (const [table, values] of state.groups.get(key)!.members) {
        const position = positions.get(table)!;
        for (const value of values) members.push({ table, value, position });
      }
      // Nearly sorted already: an edited table stands at the end, all others in their order.
      return members.sort((a, b) => a.position - b.position);
    });
  };

  function update(state: State<Value>, schema: SchemaModel): void {
    const now = new Set(schema.tables);
    const touched = new Set<string>();
    for (const table of state.tables) {
      if (now.has(table)) continue;
      for (const key of state.keys.get(table) ?? []) {
        const group = state.groups.get(key)!;
        for (const value of group.members.get(table)!) count(group, classOf(value), -1);
        group.members.delete(table);
        if (group.members.size === 0) state.groups.delete(key);
        touched.add(key);
      }
      state.keys.delete(table);
    }
    for (const table of schema.tables) {
      if (state.keys.has(table)) continue;
      const own = new Map<string, Value[]>();
      for (const [key, value] of contribute(table, schema)) {
        const values = own.get(key);
        if (values) values.push(value);
        else own.set(key, [value]);
      }
      state.keys.set(table, [...own.keys()]);
      for (const [key, values] of own) {
        const group: Group<Value> = state.groups.get(key) ?? { members: new Map(), classes: new Map() };
        state.groups.set(key, group);
        group.members.set(table, values);
        for (const value of values) count(group, classOf(value), 1);
        touched.add(key);
      }
    }
    for (const key of touched) {
      const group = state.groups.get(key);
      if (group && matters(group.classes)) state.mattering.add(key);
      else state.mattering.delete(key);
    }
    state.tables = schema.tables;
  }
}

function count(group: Group<unknown>, name: string, by: number): void {
  const total = (group.classes.get(name) ?? 0) + by;
  if (total === 0) group.classes.delete(name);
  else group.classes.set(name, total);
}
