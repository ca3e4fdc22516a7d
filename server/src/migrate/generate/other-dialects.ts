// MySQL and SQLite: each change by its plain statement, with its inverse. What these databases do without stopping writers
// they do of themselves, so there is nothing to make safe.
import { sqlOf } from "../../dialects/dialect";
import { inverse, type Change } from "../../model/change";
import type { SchemaModel } from "../../model/schema";
import type { Generated } from "../generated";
import { applyChanges } from "./apply";
import { label } from "./renames";

export function generatePlain(changes: readonly Change[], name: string, before: SchemaModel): Generated {
  const refused: { readonly change: Change; readonly reason: string }[] = [];
  const made: Change[] = [];
  const up: string[] = [];
  const down: string[] = [];
  for (const change of changes) {
    const [forwards, back] = [sqlOf(change, before.dialect), sqlOf(inverse(change), before.dialect)];
    if (!forwards || !back) {
      refused.push({ change, reason: `${before.dialect} has no single statement for it, or a part of it could not be read: write it by hand (migrate new --empty).` });
      continue;
    }
    made.push(change);
    up.push(...forwards.map(bare));
    down.unshift(...back.map(bare));
  }
  const losses = made.flatMap((change) => (change.kind === "drop-table" ? [`The table ${label(change.table.name)} is dropped with all its rows.`] : change.kind === "drop-column" ? [`The values of ${label(change.table)}.${change.column.name} are lost.`] : []));
  return { migrations: made.length === 0 ? [] : [{ name, up, down, changes: made, after: applyChanges(before, made), losses }], refused, questions: [] };
}

function bare(statement: string): string {
  return statement.replace(/;\s*$/, "");
}
