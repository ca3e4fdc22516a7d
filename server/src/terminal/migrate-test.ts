// `plumbline migrate test`: every file of the folder is proved on the embedded database, with made-up rows in every table.
// No database of the project's is touched.
import { prettyProof, proofsJson, proofSummary } from "../report/proofs";
import { refuse } from "./check";
import { withOperations } from "./migrate";
import type { MigrateOptions } from "./migrate-commands";
import { exit, type Terminal } from "./terminal";

/** Exit code 1 where a file failed, or could not be proved. */
export async function testMigrations(options: MigrateOptions, terminal: Terminal): Promise<number> {
  return withOperations(options, terminal, async ({ operations, workspace }, signal) => {
    const { folder } = operations;
    if (!folder) return refuse("This project has no migrations yet.", terminal);
    const pretty = options.format === "pretty";
    const { colors } = terminal;
    if (pretty) terminal.write(`${colors.bold(workspace.relative(folder.folder))}  ${colors.dim(`${folder.format}, on the embedded PostgreSQL, with made-up rows in every table`)}\n`);
    const width = Math.max(...folder.migrations.map(({ id }) => id.length));
    const proofs = await operations.test({
      begins: ({ id }, number, of) => terminal.progress(`${number} of ${of}: ${id}`),
      ended: (proof) => {
        if (pretty) terminal.write(prettyProof(proof, width, terminal));
      },
    }, signal);
    if (!pretty) terminal.write(proofsJson(folder, proofs, workspace));
    for (const { message } of folder.problems) terminal.tell(`${terminal.errorColors.yellow("note:")} ${message}`);
    terminal.tell(proofSummary(proofs));
    return proofs.every(({ state }) => state === "proved") ? exit.clean : exit.findings;
  });
}
