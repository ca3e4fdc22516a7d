// Steps become migrations: what may stand in one transaction does, in the order of the phases; what builds or drops an
// index concurrently is a file of its own.
import type { MigrationFormat } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { GeneratedMigration } from "../generated";
import { applyChanges } from "./apply";
import { inOneLine, nothingToUndo, phases, type Phase, type Step } from "./step";

/**
 * How long a statement waits for its lock, in milliseconds: whoever comes after it waits as long. Measured behind a reader
 * of 8 s, the readers' worst stall was this long, and seven tries were needed: so the runner tries again.
 */
export const lockTimeout = 300;

/** Waiting here stalls nobody, and to give up would leave the index INVALID: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
const patient = ["-- Waiting for a lock stalls nobody here; giving up would leave the index INVALID.\nSET lock_timeout = 0", "SET statement_timeout = 0"];

const bounded = [`SET LOCAL lock_timeout = '${lockTimeout}ms'`, "SET LOCAL statement_timeout = 0"];

/** The migrations that make `steps`, each with its inverse; `name` is theirs, with what is done behind it where there are several. */
export function migrationsOf(steps: readonly Step[], name: string, before: SchemaModel, format: MigrationFormat): readonly GeneratedMigration[] {
  const groups = groupsOf(steps);
  const migrations: GeneratedMigration[] = [];
  let model = before;
  for (const group of groups) {
    const changes = group.flatMap((step) => step.changes);
    model = applyChanges(model, changes);
    const stays = group.flatMap((step) => (step.stays === undefined ? [] : [inOneLine(`-- ${step.stays}`)]));
    const undone = [...group].reverse().flatMap((step) => step.down);
    const [first = stays.length > 0 ? "SELECT 1" : nothingToUndo, ...rest] = undone;
    migrations.push({
      name: groups.length === 1 ? name : `${name} ${titleOf(group)}`,
      up: withTimeouts(group.flatMap((step) => step.up), group, format, group.every((step) => step.quiet)),
      down: withTimeouts([[...stays, first].join("\n"), ...rest], group, format, false),
      changes,
      after: model,
      losses: group.flatMap((step) => step.losses ?? []),
    });
  }
  return migrations;
}

function groupsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: { readonly phase: Phase; readonly steps: Step[] }[] = [];
  const rewrites = steps.some(({ phase }) => phase === "rewrite");
  for (const phase of phases)
    for (const step of steps) {
      if (step.phase !== phase) continue;
      const last = groups.at(-1);
      // Without a rewrite in between, new checks stand with the columns that they speak of.
      // Nor is a view gone for longer than it takes to rewrite what it reads.
      const joined = last && (last.phase === phase || (phase === "checks" && last.phase === "structure" && !rewrites) || (phase === "views" && (last.phase === "structure" || last.phase === "rewrite")));
      if (!joined || phase === "build" || phase === "unbuild" || (phase === "rewrite" && !last.steps.at(-1)!.withNext)) groups.push({ phase, steps: [step] });
      else last.steps.push(step);
    }
  return groups.map((group) => group.steps);
}

function titleOf(group: readonly Step[]): string {
  if (group.length === 1) return group[0]!.title;
  const words: Readonly<Record<Phase, string>> = { values: "enum values", structure: "structure", rewrite: "rewrite", views: "views", checks: "constraints", fill: "fill", build: "build", validate: "validate", constrain: "constraints", "validate keys": "validate", unbuild: "drop", remove: "remove" };
  return words[group[0]!.phase];
}

function withTimeouts(statements: readonly string[], group: readonly Step[], format: MigrationFormat, quiet: boolean): readonly string[] {
  const { phase } = group[0]!;
  // In Drizzle's file the runner alone makes it concurrent; in Prisma's nothing may stand beside it.
  if (phase === "build" || phase === "unbuild") return format === "sql" ? [...patient, ...statements] : statements;
  if (quiet || statements.length === 0) return statements;
  // From 7.4 on Prisma runs each statement by itself, where SET LOCAL holds for nothing, and the next migration in the same session.
  return format === "prisma" ? [...bounded.map((sql) => sql.replace("LOCAL ", "")), ...statements, "RESET lock_timeout", "RESET statement_timeout"] : [...bounded, ...statements];
}
