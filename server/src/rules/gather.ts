// What tables say alike, gathered over a whole schema: names, types. It keeps what it gathered, so that after an edit
// only the changed tables are looked at again; what a rule makes of a group is the rule's own business.
import type { SchemaModel, Table } from "../model/schema";

/** One table's word on the group's key. */
export interface Gathered<Value> {
  readonly table: Table;
  readonly value: Value;
}

interface Group<Value> {
  readonly members: Gathered<Value>[];
  /** How many values there are of each class. There are few classes, so a list is searched faster than a map. */
  readonly classes: Class[];
}

interface Class {
  readonly name: string;
  count: number;
}

interface State<Value> {
  tables: readonly Table[];
  readonly groups: Map<string, Group<Value>>;
  readonly keys: Map<Table, readonly string[]>;
  /** The groups that `matters` is true of. */
  readonly mattering: Set<Group<Value>>;
}

/** More schemas than any workspace has; then the one that was asked for longest ago is gathered anew. */
const mostSchemas = 32;

/**
 * A function that gives the groups of a schema that matter, each in the order of the tables. `contribute` must depend
 * on the table, the dialect and the source alone; it adds values under a group's key. Whether a group matters is
 * told from the classes of its values and how many there are of each, so that an edit costs nothing for the thousands that did not change.
 */
export function gather<Value>(
  contribute: (table: Table, schema: Pick<SchemaModel, "dialect" | "source">, add: (key: string, value: Value) => void) => void,
  classOf: (value: Value) => string,
  matters: (classes: readonly Readonly<Class>[]) => boolean,
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
    // Nearly sorted already: an edited table stands at the end, all others in their order.
    return [...state.mattering].map(({ members }) => [...members].sort((a, b) => positions.get(a.table)! - positions.get(b.table)!));
  };

  function update(state: State<Value>, schema: SchemaModel): void {
    const { groups, keys, mattering } = state;
    const touched = new Set<Group<Value>>();
    if (state.tables.length > 0) {
      const now = new Set(schema.tables);
      const gone = state.tables.filter((table) => !now.has(table));
      if (gone.length * 2 > state.tables.length) {
        // Taking most members out one by one would cost more than to begin again.
        groups.clear();
        keys.clear();
        mattering.clear();
      } else for (const table of gone) remove(state, table, touched);
    }
    let own: string[] = [];
    let adding: Table;
    const add = (key: string, value: Value): void => {
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { members: [], classes: [] }));
      group.members.push({ table: adding, value });
      count(group, classOf(value), 1);
      own.push(key);
      touched.add(group);
    };
    for (const table of schema.tables) {
      if (keys.has(table)) continue;
      own = [];
      adding = table;
      keys.set(table, own);
      contribute(table, schema, add);
    }
    for (const group of touched) {
      if (group.members.length > 0 && matters(group.classes)) mattering.add(group);
      else mattering.delete(group);
    }
    state.tables = schema.tables;
  }

  function remove(state: State<Value>, table: Table, touched: Set<Group<Value>>): void {
    for (const key of new Set(state.keys.get(table))) {
      const group = state.groups.get(key)!;
      let kept = 0;
      for (const member of group.members) {
        if (member.table === table) count(group, classOf(member.value), -1);
        else group.members[kept++] = member;
      }
      group.members.length = kept;
      if (kept === 0) state.groups.delete(key);
      touched.add(group);
    }
    state.keys.delete(table);
  }
}

function count(group: Group<unknown>, name: string, by: 1 | -1): void {
  const { classes } = group;
  for (let at = 0; at < classes.length; at++) {
    const one = classes[at]!;
    if (one.name !== name) continue;
    one.count += by;
    if (one.count === 0) classes.splice(at, 1);
    return;
  }
  classes.push({ name, count: 1 });
}
