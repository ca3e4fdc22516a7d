// What deleting one row of a table makes the database do, from the foreign keys that point at it and their actions.
// It counts tables, not rows: nothing here knows how large they are.
import { tableKey } from "../model/table-key";
import { coverage } from "../indexes/coverage";
import type { ForeignKey, SchemaModel, Table } from "../model/schema";
import { listed } from "../model/words";

export interface DeleteCost {
  /** Tables that are read whole, because no index serves the key that points at the deleted rows. */
  readonly scans: readonly Table[];
  /** Other tables whose rows are deleted along, nearest first. */
  readonly cascades: readonly Table[];
  /** Tables whose rows lose their reference: SET NULL and SET DEFAULT. */
  readonly updates: readonly Table[];
  /** Tables that forbid it while they hold a row that points here: RESTRICT and NO ACTION. */
  readonly forbids: readonly Table[];
}

/** Follows the keys that reference `table`, and from each table that a cascade reaches those that reference it. Ends in cycles. */
export function deleteCost(table: Table, model: Pick<SchemaModel, "tables" | "dialect" | "source">): DeleteCost {
  const referencing = new Map<string, { readonly child: Table; readonly foreignKey: ForeignKey }[]>();
  for (const child of model.tables)
    for (const foreignKey of child.foreignKeys) {
      if (!acts(foreignKey, model)) continue;
      const key = tableKey(foreignKey.references.table);
      const list = referencing.get(key);
      if (list) list.push({ child, foreignKey });
      else referencing.set(key, [{ child, foreignKey }]);
    }
  const found = { scans: new Set<Table>(), cascades: new Set<Table>(), updates: new Set<Table>(), forbids: new Set<Table>() };
  const visited = new Set([table]);
  const queue = [table];
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const { child, foreignKey } of referencing.get(tableKey(next.name)) ?? []) {
      const { verdict } = coverage(foreignKey, child, model.dialect, model.source);
      if (verdict === "missing" || verdict === "unusable") found.scans.add(child);
      switch (foreignKey.onDelete) {
        case "cascade":
          if (child !== table) found.cascades.add(child);
          if (!visited.has(child)) {
            visited.add(child);
            queue.push(child);
          }
          break;
        case "set null":
        case "set default":
          found.updates.add(child);
          break;
        case "restrict":
        case "no action":
          found.forbids.add(child);
          break;
      }
    }
  }
  return { scans: [...found.scans], cascades: [...found.cascades], updates: [...found.updates], forbids: [...found.forbids] };
}

/** With `relationMode = "prisma"` there is no constraint, but Prisma Client looks the rows up just the same; `relations()` of Drizzle does nothing on a delete. */
function acts(foreignKey: ForeignKey, model: Pick<SchemaModel, "source">): boolean {
  return foreignKey.enforced || model.source === "prisma";
}

/** The cost in one sentence, for example "Deleting a client scans orders and cascades into 3 tables." */
export function deleteSentence(table: Table, { scans, cascades, updates, forbids }: DeleteCost): string {
  const parts = [
    scans.length > 0 && `scans ${names(scans)}`,
    cascades.length > 0 && `cascades into ${names(cascades, 2)}`,
    updates.length > 0 && `clears the reference in ${names(updates)}`,
    forbids.length > 0 && `is refused while ${names(forbids)} ${forbids.length === 1 ? "points" : "point"} at it`,
  ].filter((part) => part !== false);
  const subject = `Deleting ${withArticle(singular(table.name.name))}`;
  if (parts.length === 0) return `${subject} touches no other table.`;
  return `${subject} ${listed(parts)}.`;
}

/** Up to `most` names, more as a number. */
function names(tables: readonly Table[], most = 3): string {
  if (tables.length > most) return `${tables.length} tables`;
  return listed(tables.map((table) => table.name.name));
}

/** One row's name from the table's: enough English for a sentence; what it does not know stays as it is. */
export function singular(name: string): string {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/[_-]+/g, " ").trim().toLowerCase();
  if (/(people|persons)$/.test(plain)) return plain.replace(/(people|persons)$/, "person");
  if (/children$/.test(plain)) return plain.replace(/children$/, "child");
  if (/(news|series|species|data|media|status|address|analysis|basis)$/.test(plain)) return plain;
  if (/(movies|cookies|pies|ties|lies|zombies|calories)$/.test(plain)) return plain.slice(0, -1);
  if (/[^aeiou]ies$/.test(plain)) return plain.replace(/ies$/, "y");
  if (/(statuses|buses|aliases)$/.test(plain) || /(ss|x|ch|sh|zz)es$/.test(plain)) return plain.slice(0, -2);
  if (/[^su]s$/.test(plain)) return plain.slice(0, -1);
  return plain;
}

function withArticle(noun: string): string {
  return /^(?:[aeio]|u(?!(ser|nit|ni|se|tili|rl)))/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
