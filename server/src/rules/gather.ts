// What tables say alike, gathered over a whole schema: names, types. What was gathered goes into the schema's memory, so
// that after an edit only the changed tables are looked at again; what a rule makes of a group is the rule's own business.
import type { SchemaModel, Table } from "../model/schema";
import type { RuleContext } from "./rule";
import { tableChanges } from "./table-changes";

/** One table's word on the group's key. */
export interface Gathered<Value> {
  readonly table: Table;
  readonly value: Value;
}

/** The table and the schema alone decide what is told of them. */
export interface Gathering<Value> {
  /** Tells `add` of each value its group's key and its class. */
  classify(table: Table, schema: Schema, add: (key: string, type: string) => void): void;
  /** Whether a group of several values matters, by their classes and how many there are of each; one value alone never does. Asked less often than `classify`, and about whole groups. */
  matters(classes: readonly Class[], key: string): boolean;
  /** The values themselves of one group: asked for only where it matters. */
  values(table: Table, schema: Schema, key: string): readonly Value[];
}

type Schema = Pick<SchemaModel, "dialect" | "source">;

export interface Class {
  readonly name: string;
  readonly count: number;
}

/** What is said under one key: by one table once, as mostly, or more. */
interface Group {
  /** Who said it first, and as which class. */
  readonly table: Table;
  readonly type: string;
  /** All that is said, once that is more. */
  more: More | undefined;
}

interface More {
  readonly key: string;
  /** Each once. */
  readonly tables: Table[];
  /** There are few, so a list is searched faster than a map. */
  readonly classes: { readonly name: string; count: number }[];
  /** What tables have said while it mattered. */
  values: Map<Table, readonly unknown[]>;
  /** It changes in the update that is running. */
  touched: boolean;
}

/** Of a group that does not matter, as nearly all do not. */
const none: Map<Table, readonly unknown[]> = new Map();

interface State {
  tables: readonly Table[];
  /** The groups' tables stand in the schema's order: until an edit puts one behind. */
  inOrder: boolean;
  readonly groups: Map<string, Group>;
  readonly mattering: Set<More>;
}

/** A function that gives the groups of a schema that matter, each in the order of the tables. An edit costs nothing for the thousands of tables that did not change. */
export function gather<Value>(gathering: Gathering<Value>): (schema: SchemaModel, context: Pick<RuleContext, "memory">) => readonly (readonly Gathered<Value>[])[] {
  return (schema, { memory }) => {
    let state = memory.get(gathering) as State | undefined;
    if (!state) memory.set(gathering, (state = { tables: [], inOrder: true, groups: new Map(), mattering: new Set() }));
    if (state.tables !== schema.tables) update(state, schema, gathering);
    if (state.mattering.size === 0) return [];
    const positions = state.inOrder ? undefined : new Map(schema.tables.map((table, position) => [table, position]));
    return Array.from(state.mattering, ({ key, tables, values }) => {
      // Nearly sorted already: an edited table stands at the end, all others in their order.
      const ordered = positions ? [...tables].sort((a, b) => positions.get(a)! - positions.get(b)!) : tables;
      const members: Gathered<Value>[] = [];
      for (const table of ordered) {
        let own = values.get(table);
        if (!own) values.set(table, (own = gathering.values(table, schema, key)));
        for (const value of own) members.push({ table, value: value as Value });
      }
      return members;
    });
  };
}

function update(state: State, schema: SchemaModel, gathering: Gathering<unknown>): void {
  const { groups, mattering } = state;
  const touched: More[] = [];
  const touch = (more: More): void => {
    if (more.touched) return;
    more.touched = true;
    touched.push(more);
  };
  const { gone, fresh } = tableChanges(state.tables, schema.tables);
  const anew = gone.length * 2 > state.tables.length;
  state.inOrder = anew || gone.length === state.tables.length;
  let told: Table;
  if (anew) {
    // Taking most members out one by one would cost more than to begin again.
    groups.clear();
    mattering.clear();
  } else {
    // A table says today what it said before: to ask again is cheaper than to remember it of all.
    const remove = (key: string, type: string): void => {
      const group = groups.get(key);
      if (!group?.more) {
        groups.delete(key);
        return;
      }
      const { tables, classes, values } = group.more;
      count(classes, type, -1);
      const position = tables.indexOf(told);
      if (position >= 0) tables.splice(position, 1);
      values.delete(told);
      touch(group.more);
      if (tables.length === 0) groups.delete(key);
    };
    for (const table of gone) {
      told = table;
      gathering.classify(table, schema, remove);
    }
  }
  const add = (key: string, type: string): void => {
    const group = groups.get(key);
    if (!group) {
      groups.set(key, { table: told, type, more: undefined });
      return;
    }
    const more = (group.more ??= { key, tables: [group.table], classes: [{ name: group.type, count: 1 }], values: none, touched: false });
    const { tables } = more;
    if (tables[tables.length - 1] !== told) tables.push(told);
    count(more.classes, type, 1);
    touch(more);
  };
  for (const table of anew ? schema.tables : fresh) {
    told = table;
    gathering.classify(table, schema, add);
  }
  for (const more of touched) {
    more.touched = false;
    if (more.tables.length > 0 && gathering.matters(more.classes, more.key)) {
      mattering.add(more);
      if (more.values === none) more.values = new Map();
    } else {
      mattering.delete(more);
      more.values = none;
    }
  }
  state.tables = schema.tables;
}

function count(classes: More["classes"], name: string, by: 1 | -1): void {
  for (let at = 0; at < classes.length; at++) {
    const one = classes[at]!;
    if (one.name !== name) continue;
    one.count += by;
    if (one.count === 0) classes.splice(at, 1);
    return;
  }
  classes.push({ name, count: 1 });
}
