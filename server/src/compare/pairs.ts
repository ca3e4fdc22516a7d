// Which schemas of a workspace describe one database: those that the settings name, else a Drizzle and a Prisma schema that share most table names.
import type { SchemaModel } from "../model/schema";
import { tableKey } from "../model/table-key";

/** Two models, the one that findings are reported in first: Drizzle before Prisma, otherwise in the settings' order. */
export type ModelPair = readonly [left: SchemaModel, right: SchemaModel];

// Of the smaller schema's tables: fewer are a coincidence of common names (users, sessions), and so is a single one in a
// schema that is much larger than the other.
const shared = 0.5;
const fewest = 2;

/**
 * The pairs among `models`. `configured` names them by id or by the end of their path (`prisma/schema.prisma`); empty means none, undefined that they are looked for:
 * one Drizzle and one Prisma schema of the same dialect family of which more than half of the smaller one's table names are in both. A single one must be half of the larger one's, too.
 */
export function findPairs(models: readonly SchemaModel[], configured?: readonly (readonly [string, string])[]): readonly ModelPair[] {
  if (configured) return configured.flatMap((names) => {
    const [left, right] = names.map((name) => named(models, name));
    return left && right && left !== right ? [[left, right] as const] : [];
  });
  const candidates: { pair: ModelPair; common: number }[] = [];
  const prismas = models.filter(({ source }) => source === "prisma").map((model) => ({ model, names: tableNames(model) }));
  if (prismas.length === 0) return [];
  for (const left of models) {
    if (left.source !== "drizzle") continue;
    const names = tableNames(left);
    for (const right of prismas) {
      if (family(left) !== family(right.model)) continue;
      const smaller = names.size < right.names.size ? names : right.names;
      const larger = smaller === names ? right.names : names;
      let common = 0;
      for (const name of smaller) if (larger.has(name)) common += 1;
      if (common > smaller.size * shared && (common >= fewest || common >= larger.size * shared)) candidates.push({ pair: [left, right.model], common });
    }
  }
  // Each schema pairs once, with the one that it shares most with.
  const taken = new Set<SchemaModel>();
  return candidates.sort((a, b) => b.common - a.common).filter(({ pair }) => !pair.some((model) => taken.has(model)) && pair.every((model) => taken.add(model))).map(({ pair }) => pair);
}

function named(models: readonly SchemaModel[], name: string): SchemaModel | undefined {
  const wanted = name.replace(/^(drizzle|prisma|kysely|sql):/, "").replace(/^\.\//, "").replace(/\/$/, "");
  return models.find(({ id }) => id === name || id === wanted)
    ?? models.find(({ id, config, tables }) => [id, config, ...tables.map((table) => table.at?.file)].some((path) => path !== undefined && (path === wanted || path.endsWith(`/${wanted}`) || path.includes(`/${wanted}/`))));
}

const namesOfModels = new WeakMap<SchemaModel, ReadonlySet<string>>();

function tableNames(model: SchemaModel): ReadonlySet<string> {
  let names = namesOfModels.get(model);
  if (!names) namesOfModels.set(model, (names = new Set(model.tables.filter((table) => !table.implicit).map((table) => tableKey(table.name)))));
  return names;
}

/** CockroachDB speaks PostgreSQL's dialect, and Drizzle has no other word for it. */
function family(model: SchemaModel): string {
  return model.dialect === "cockroachdb" ? "postgresql" : model.dialect;
}
