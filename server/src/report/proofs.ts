// What proving a folder of migrations found: for people, a line a file with what failed below it, and as a stable JSON document.
import type { MigrationFolder } from "../model/migration";
import type { MigrationProof } from "../migrate/proof";
import { counted } from "./counted";
import { visible, type Colors } from "./pretty";

interface Names {
  relative(file: string): string;
}

/** Version 1 of the shape that server/README.md documents. */
export function proofsJson(folder: MigrationFolder, proofs: readonly MigrationProof[], { relative }: Names): string {
  return `${JSON.stringify({
    version: 1,
    folder: relative(folder.folder),
    format: folder.format,
    migrations: proofs.map(({ migration, state, steps, problems, notes, milliseconds }) => ({ id: migration.id, version: migration.version, file: relative(migration.up.file), state, steps, problems, notes, milliseconds })),
    problems: folder.problems.map(({ message }) => message),
  }, undefined, 2)}\n`;
}

/** One file as soon as it is through: `width` is that of the longest id. */
export function prettyProof({ migration, state, steps, problems, notes }: MigrationProof, width: number, { colors }: { readonly colors: Colors }): string {
  const sign = { proved: colors.green("✓"), failed: colors.red("✗"), "not proved": colors.yellow("?") }[state];
  const head = `  ${sign} ${visible(migration.id).padEnd(width)}  ${state === "not proved" ? colors.yellow("not proved") : colors.dim(steps.join(" → ") || "up failed")}`;
  const paint = state === "not proved" ? colors.yellow : colors.red;
  return `${[head, ...problems.map((text) => `      ${paint(visible(text))}`), ...notes.map((text) => `      ${colors.dim(visible(text))}`)].join("\n")}\n`;
}

/** "3 migrations: 2 proved, 1 failed." */
export function proofSummary(proofs: readonly MigrationProof[]): string {
  const states = (["proved", "failed", "not proved"] as const).flatMap((state) => {
    const count = proofs.filter((one) => one.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  return `${counted(proofs.length, "migration")}${states.length > 0 ? `: ${states.join(", ")}` : ""}.`;
}
