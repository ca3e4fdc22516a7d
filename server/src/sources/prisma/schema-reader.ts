// Parsed files to a reading of one schema. It remembers the tables that it has made and makes again only those whose block,
// or a declaration that they name, has changed: all others are the same objects as before.
import type { SchemaReading } from "../../model/finding";
import type { EnumType, Problem, Table } from "../../model/schema";
import type { SchemaEntry } from "../source";
import { declarationOf, type Declaration, type SchemaFacts } from "./declaration";
import { factsOf } from "./facts";
import type { Item, ParsedFile } from "./parsed-file";
import { rangeIn } from "./place";
import { buildTable, type BuiltTable } from "./table";

interface Made extends BuiltTable {
  readonly dependsOn: readonly string[];
}

export interface SchemaReader {
  /** Reads the schema from its files as they are parsed now. `prismaMajor`: Prisma's version, where it is known. */
  read(parsed: readonly ParsedFile[], prismaMajor: number | undefined): Omit<SchemaReading, "dependsOn">;
}

export function createReader(entry: SchemaEntry): SchemaReader {
  let facts: SchemaFacts | undefined;
  let declared = new WeakMap<Item, Declaration>();
  let made = new WeakMap<Item, Made>();
  let enums = new WeakMap<Item, EnumType>();
  let problemsOf = new WeakMap<Item, readonly Problem[]>();
  let byName = new Map<string, Declaration>();

  function read(parsed: readonly ParsedFile[], prismaMajor: number | undefined): Omit<SchemaReading, "dependsOn"> {
    const said = factsOf(allItems(parsed), prismaMajor);
    if (!facts || JSON.stringify(facts) !== JSON.stringify(said.facts)) {
      facts = said.facts;
      declared = new WeakMap();
      made = new WeakMap();
      enums = new WeakMap();
      problemsOf = new WeakMap();
      byName = new Map();
    }
    const problems: Problem[] = [...said.problems];
    const changed = declare(parsed, facts, problems);
    const tables: Table[] = [];
    const enumTypes: EnumType[] = [];
    for (const file of parsed) {
      for (const item of file.items) {
        const { block } = item;
        problems.push(...syntaxProblems(item));
        const own = declared.get(item);
        if (!block || !own) continue;
        if (own.kind === "enum") enumTypes.push(enumOf(item, own));
        else if (own.isTable) {
          const built = tableOf(item, own, file, facts, changed);
          tables.push(built.table, ...built.joinTables);
          problems.push(...built.problems);
        }
      }
    }
    const { shown, hidden } = withoutHidden(tables);
    return {
      model: {
        id: entry.id, source: "prisma", dialect: facts.dialect, ...(entry.config ? { config: entry.config } : {}), tables: shown, enums: enumTypes,
        ...(hidden.length > 0 ? { hidden } : {}),
      },
      problems,
    };
  }

  /** Brings `byName` up to date and returns the names whose declaration is another than before. */
  function declare(parsed: readonly ParsedFile[], facts: SchemaFacts, problems: Problem[]): ReadonlySet<string> {
    const now = new Map<string, Declaration>();
    const changed = new Set<string>();
    for (const { items } of parsed) {
      for (const item of items) {
        if (!item.block) continue;
        let one = declared.get(item);
        const name = item.block.name.text;
        if (!one) {
          one = declarationOf(item.block, facts);
          if (!one) continue;
          const before = byName.get(name);
          if (before?.signature === one.signature) one = before;
          declared.set(item, one);
        }
        if (now.has(name)) problems.push({ message: `${name} is declared twice`, at: rangeIn(item.place, item.block.name.start, item.block.name.end), kind: "syntax" });
        now.set(name, one);
      }
    }
    for (const [name, one] of now) if (byName.get(name) !== one) changed.add(name);
    for (const name of byName.keys()) if (!now.has(name)) changed.add(name);
    byName = now;
    return changed;
  }

  function tableOf(item: Item, own: Declaration & { readonly kind: "model" | "view" | "type" }, file: ParsedFile, facts: SchemaFacts, changed: ReadonlySet<string>): Made {
    const before = made.get(item);
    if (before && (changed.size === 0 || !before.dependsOn.some((name) => changed.has(name)))) return before;
    const names = new Set<string>();
    const find = (name: string): Declaration | undefined => {
      names.add(name);
      return byName.get(name);
    };
    const built = buildTable(item.block!, item.place, own, find, facts, file.prismaNext ? "prisma-next" : "prisma");
    const one: Made = { ...built, dependsOn: [...names] };
    made.set(item, one);
    return one;
  }

  function enumOf(item: Item, own: Declaration & { readonly kind: "enum" }): EnumType {
    let one = enums.get(item);
    if (!one) {
      one = { name: own.type, values: [...own.values.values()], property: own.name, at: rangeIn(item.place, 0, item.length) };
      enums.set(item, one);
    }
    return one;
  }

  function syntaxProblems(item: Item): readonly Problem[] {
    const found = item.problem ? [item.problem] : (item.block?.problems ?? none);
    if (found.length === 0) return none;
    let list = problemsOf.get(item);
    if (!list) {
      const own = declared.get(item);
      const table = own && own.kind !== "enum" && own.isTable ? own.table : undefined;
      list = found.map(({ message, start, end }) => ({ message, at: rangeIn(item.place, start, end), ...(table ? { table } : {}), kind: "syntax" as const }));
      problemsOf.set(item, list);
    }
    return list;
  }

  return { read };
}

const none: readonly never[] = [];

function* allItems(parsed: readonly ParsedFile[]): Iterable<Item> {
  for (const { items } of parsed) yield* items;
}

/** Of two tables with one name the last is shown. */
function withoutHidden(tables: readonly Table[]): { readonly shown: readonly Table[]; readonly hidden: readonly Table[] } {
  const last = new Map<string, Table>();
  for (const table of tables) last.set(`${table.name.schema}.${table.name.name}`, table);
  if (last.size === tables.length) return { shown: tables, hidden: none };
  const kept = new Set(last.values());
  return { shown: tables.filter((table) => kept.has(table)), hidden: tables.filter((table) => !kept.has(table)) };
}
