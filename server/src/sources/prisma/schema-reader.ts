// Parsed files to a reading of one schema. It remembers the tables that it has made and makes again only those whose block,
// or a declaration that they name, has changed: all others are the same objects as before.
import type { SchemaReading } from "../../model/finding";
import type { EnumType, Problem, SourceRange, Table, Unmodelled } from "../../model/schema";
import type { SchemaEntry } from "../source";
import { enumDeclaration, updated, type Declaration, type EnumDeclaration, type ModelDeclaration, type SchemaFacts } from "./declaration";
import { factsOf } from "./facts";
import { GrowingList } from "./growing-list";
import { blockOf, letGo, type Item, type ParsedFile } from "./parsed-file";
import { readOutline, type Draft, type OutlinedPiece } from "./outline";
import { rangeIn } from "./place";
import { none } from "./syntax";
import { buildTable, type BuiltTable } from "./table";

interface Made extends BuiltTable {
  /** Names of declarations, some repeatedly. */
  readonly dependsOn: readonly string[];
}

export interface SchemaReader {
  /** Reads the schema from its files as they are parsed now. `prismaMajor`: Prisma's version, where it is known. */
  read(parsed: readonly ParsedFile[], prismaMajor: number | undefined): Omit<SchemaReading, "dependsOn">;
}

/** What has been made of one block. */
interface Memo {
  declaration?: Declaration;
  /** Until the table is made. */
  draft?: Draft;
  table?: Made;
  enum?: EnumType;
  problems?: readonly Problem[];
}

export function createReader(entry: SchemaEntry): SchemaReader {
  let facts: SchemaFacts | undefined;
  // A plain map, pruned at each reading: the collector pays for weak ones.
  let memos = new Map<Item, Memo>();
  let byName = new Map<string, Declaration>();
  /** The names that the table that is being built has asked for. */
  const asked = new GrowingList<string>();
  const find = (name: string): Declaration | undefined => {
    asked.add(name);
    return byName.get(name);
  };

  function read(parsed: readonly ParsedFile[], prismaMajor: number | undefined): Omit<SchemaReading, "dependsOn"> {
    const said = factsOf(parsed, prismaMajor);
    if (!facts || JSON.stringify(facts) !== JSON.stringify(said.facts)) {
      facts = said.facts;
      memos = new Map();
      byName = new Map();
    }
    const problems: Problem[] = [...said.problems];
    const changed = declare(parsed, facts, problems);
    const tables: Table[] = [];
    const enums: EnumType[] = [];
    const unmodelled: Unmodelled[] = facts.extensions.map((name) => ({ what: "extension", name: { schema: null, name } }));
    for (const file of parsed) {
      for (const item of file.items) {
        const memo = memos.get(item)!;
        for (const problem of syntaxProblems(item, memo)) problems.push(problem);
        const own = memo.declaration;
        if (!own) continue;
        if (own.kind === "enum") enums.push(enumOf(item, own, memo));
        else if (own.kind === "view") unmodelled.push({ what: "view", name: own.table, at: nameAt(item) });
        else if (own.isTable) {
          const built = tableOf(item, own, memo, file, facts, changed);
          tables.push(built.table);
          for (const table of built.joinTables) tables.push(table);
          for (const problem of built.problems) problems.push(problem);
        }
      }
    }
    const { shown, hidden } = withoutHidden(tables);
    return {
      model: {
        id: entry.id, source: "prisma", dialect: facts.dialect, ...(entry.config ? { config: entry.config } : {}), tables: shown, enums,
        ...(!facts.multiSchema && (facts.dialect === "postgresql" || facts.dialect === "cockroachdb") && { inSearchedSchema: true }),
        ...(unmodelled.length > 0 && { unmodelled }),
        ...(hidden.length > 0 ? { hidden } : {}),
      },
      problems,
    };
  }

  /** Brings `byName` up to date and returns the names whose declaration is another than before. */
  function declare(parsed: readonly ParsedFile[], facts: SchemaFacts, problems: Problem[]): ReadonlySet<string> {
    const now = new Map<string, Declaration>();
    const kept = new Map<Item, Memo>();
    const changed = new Set<string>();
    for (const { items } of parsed) {
      for (const item of items) {
        const memo = memos.get(item) ?? {};
        kept.set(item, memo);
        if (item.kind === "junk") continue;
        const { name } = item;
        if (!memo.declaration) {
          const made = declarationOf(item, memo, facts);
          if (!made) continue;
          const before = byName.get(name);
          memo.declaration = before ? updated(before, made) : made;
        }
        if (now.has(name)) problems.push({ message: `${name} is declared twice`, at: nameAt(item), kind: "syntax" });
        now.set(name, memo.declaration);
      }
    }
    now.forEach((one, name) => {
      if (byName.get(name) !== one) changed.add(name);
    });
    byName.forEach((_, name) => {
      if (!now.has(name)) changed.add(name);
    });
    byName = now;
    memos = kept;
    return changed;
  }

  function tableOf(item: Item, own: ModelDeclaration, memo: Memo, file: ParsedFile, facts: SchemaFacts, changed: ReadonlySet<string>): Made {
    const before = memo.table;
    if (before && (changed.size === 0 || !before.dependsOn.some((name) => changed.has(name)))) return before;
    if (!memo.draft) declarationOf(item, memo, facts);
    asked.clear();
    const built = buildTable(memo.draft!, item.place, own, find, facts, file.prismaNext ? "prisma-next" : "prisma");
    memo.draft = undefined;
    memo.table = { table: built.table, joinTables: built.joinTables, problems: built.problems, dependsOn: asked.taken() };
    return memo.table;
  }

  return { read };
}

/** What the block of `item` declares, a table's draft left in `memo`; undefined for datasources and generators. */
function declarationOf(item: Item, memo: Memo, facts: SchemaFacts): Declaration | undefined {
  switch (item.kind) {
    case "model":
    case "view":
    case "type": {
      const { declaration, draft, problems } = readOutline(item.text, item.piece as OutlinedPiece, item.place, facts);
      item.problems = problems;
      if (declaration.isTable) memo.draft = draft;
      return declaration;
    }
    case "enum": {
      const block = blockOf(item)!;
      letGo(item);
      return enumDeclaration(block, facts);
    }
    case "datasource":
    case "generator":
      blockOf(item);
      return undefined;
    case "junk": return undefined;
  }
}

function nameAt(item: Item): SourceRange {
  return rangeIn(item.place, item.nameStart, item.nameStart + item.name.length);
}

function enumOf(item: Item, own: EnumDeclaration, memo: Memo): EnumType {
  memo.enum ??= { name: own.type, values: [...own.values.values()], property: own.name, at: rangeIn(item.place, 0, item.length), nameAt: nameAt(item) };
  return memo.enum;
}

function syntaxProblems(item: Item, memo: Memo): readonly Problem[] {
  const found = item.problems;
  if (found.length === 0) return none;
  const own = memo.declaration;
  const table = own && own.kind !== "enum" && own.isTable ? own.table : undefined;
  memo.problems ??= found.map(({ message, start, end }) => ({ message, at: rangeIn(item.place, start, end), ...(table ? { table } : {}), kind: "syntax" as const }));
  return memo.problems;
}

/** Of two tables with one name the last is shown. */
function withoutHidden(tables: readonly Table[]): { readonly shown: readonly Table[]; readonly hidden: readonly Table[] } {
  if (new Set(tables.map((table) => table.name.name)).size === tables.length) return { shown: tables, hidden: none };
  const last = new Map<string, Table>();
  for (const table of tables) last.set(`${table.name.schema}.${table.name.name}`, table);
  if (last.size === tables.length) return { shown: tables, hidden: none };
  const kept = new Set(last.values());
  return { shown: tables.filter((table) => kept.has(table)), hidden: tables.filter((table) => !kept.has(table)) };
}
