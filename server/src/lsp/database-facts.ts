// What connected databases know of the code's tables and indexes, in words: for hovers, code lenses and the tree. Plain
// text, in which no name of a database stands; who shows a name escapes it.
import { factsFinder, type ConnectedDatabase } from "../database-checking";
import { asSeenBy } from "../compare/searched-schema";
import type { IndexFacts, TableFacts } from "../model/facts";
import type { QualifiedName, SchemaModel } from "../model/schema";
import { rowsText, sizeText } from "../rules/amounts";
import type { Workspace } from "./workspace";

export interface KnownFacts {
  table(name: QualifiedName): TableFacts | undefined;
  /** Of one table, keys' and constraints' among them, in the database's order. */
  indexes(name: QualifiedName): readonly IndexFacts[];
}

/** What the databases that hold `model` know; undefined where none is connected. */
export function knownFacts(workspace: Workspace, model: SchemaModel): KnownFacts | undefined {
  for (const folder of workspace.folders) {
    const report = folder.report();
    if (report.databases.length === 0 || !report.schemas.some((reading) => reading.model === model)) continue;
    const holding = report.databases.filter(({ schemas, database }) => database.facts && schemas.includes(model.id)).map(({ database }) => asSeenBy(model, database));
    if (holding.length > 0) return factsOf(holding, model);
  }
  return undefined;
}

const kept = new WeakMap<ConnectedDatabase, KnownFacts>();

function factsOf(databases: readonly ConnectedDatabase[], model: SchemaModel): KnownFacts {
  const [first] = databases as readonly [ConnectedDatabase, ...ConnectedDatabase[]];
  let known = databases.length === 1 ? kept.get(first) : undefined;
  if (known) return known;
  const table = factsFinder(databases, model);
  const byTable = new Map<string, IndexFacts[]>();
  for (const index of databases.flatMap(({ facts }) => facts?.indexes ?? [])) {
    const key = JSON.stringify([index.table.schema, index.table.name]);
    const list = byTable.get(key);
    if (list) list.push(index);
    else byTable.set(key, [index]);
  }
  known = {
    table,
    indexes(name) {
      const found = table(name)?.table;
      return (found && byTable.get(JSON.stringify([found.schema, found.name]))) ?? [];
    },
  };
  if (databases.length === 1) kept.set(first, known);
  return known;
}

/** "12 M rows, 3.1 GB", with the indexes' size; the size alone where the table was never analysed; empty where nothing is known. */
export function tableText(facts: TableFacts | undefined): string {
  if (!facts) return "";
  const size = sizeText(facts.size + facts.indexSize);
  return facts.rows === undefined ? size : `${rowsText(facts.rows)}, ${size}`;
}

/** "used 81,204 times, 40 MB". */
export function indexText(facts: IndexFacts | undefined): string {
  return facts ? `${usedText(facts)}, ${sizeText(facts.size)}` : "";
}

/** "used 81,204 times", "never used". */
export function usedText({ scans }: IndexFacts): string {
  return scans === 0 ? "never used" : scans === 1 ? "used once" : `used ${scans.toLocaleString("en-US")} times`;
}
