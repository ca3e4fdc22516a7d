// Upkeep of what stands: an index built again, statistics, rows held against a constraint. The schema stays as it is.
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import { sameTable } from "../../model/table-key";
import { bare, nothingToUndo, Refusal, type Context, type Step } from "./step";

export function upkeep(change: Extract<Change, { kind: "rebuild-index" | "analyze-table" | "validate-constraint" }>, context: Context): readonly Step[] {
  switch (change.kind) {
    case "rebuild-index": {
      const [sql] = bare(postgres.sql(change, { concurrently: true }));
      if (context.format.startsWith("drizzle")) throw new Refusal(`drizzle-orm runs every file in a transaction, where this fails: ${sql}; put it into a file and run that: plumbline migrate run FILE.sql.`);
      return [{ phase: "build", up: [sql!], down: [nothingToUndo], changes: [change], title: `rebuild index ${change.index.name}` }];
    }
    case "analyze-table": return [{ phase: "structure", up: bare(postgres.sql(change)), down: [nothingToUndo], changes: [change], title: `analyze ${change.table.name}` }];
    case "validate-constraint": {
      const table = context.before.tables.find(({ name }) => sameTable(name, change.table));
      const foreignKey = table?.foreignKeys.find(({ name }) => name === change.name);
      const check = table?.checks.find(({ name }) => name === change.name);
      const parts: readonly [Change, Change] | undefined = foreignKey
        ? [{ kind: "drop-foreign-key", table: change.table, foreignKey }, { kind: "add-foreign-key", table: change.table, foreignKey }]
        : check && [{ kind: "drop-check", table: change.table, check }, { kind: "add-check", table: change.table, check }];
      const down = parts ? [bare(postgres.sql(parts[0]))[0]!, `${bare(postgres.sql(parts[1]))[0]} NOT VALID`] : [nothingToUndo];
      return [{ phase: "validate", up: bare(postgres.sql(change)), down, changes: [change], title: `validate ${change.name}` }];
    }
  }
}
