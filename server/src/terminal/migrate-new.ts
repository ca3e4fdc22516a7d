// `plumbline migrate new`: a migration is generated and its files are written, all of them or none.
import type { RenameQuestion } from "../migrate/generated";
import type { GenerateRequest, GeneratedFiles, Target } from "../migrate/operations/operations";
import { buildPlan } from "../migrate/plan-building";
import { provedWhere } from "../migrate/proof";
import { refusalText } from "../report/change-text";
import { visible } from "../report/pretty";
import { askOneOf, askYesNo } from "./ask";
import { refuse } from "./check";
import { codeSide } from "./diff";
import { resolvePath, withSlashes } from "./disk-files";
import type { NewOptions } from "./migrate-commands";
import { nameOf, printPlan, showPlan, targetOf, withOperations } from "./migrate";
import { exit, type Terminal } from "./terminal";
import type { Workspace } from "./workspace";
import { writeFiles } from "./write-files";

/** Prints the paths that were written, relative to the folder. */
export async function newMigration(name: string, options: NewOptions, terminal: Terminal): Promise<number> {
  const given = Array.isArray(options.rename) ? options.rename.map((one) => one.split("=")) : [];
  const wrong = given.find((parts) => parts.length !== 2 || parts.includes(""));
  if (wrong) return refuse(`"${wrong.join("=")}" is no rename. Write --rename orders.customer=client_id.`, terminal);
  const target = (workspace: Workspace): Target | undefined => (options.database === undefined || options.empty ? undefined : targetOf(options.database, workspace, terminal));
  if (options.from !== undefined && (options.database !== undefined || options.empty)) return refuse(`--from ${options.from} is what the code is compared with: leave out ${options.empty ? "--empty" : "--database"}.`, terminal);
  if (options.from !== undefined && !/^(drizzle|prisma):/.test(options.from)) return refuse(`"${options.from}" names no other schema. Write --from drizzle:PATH or --from prisma:PATH; a database is named with --database.`, terminal);
  return withOperations(options, terminal, async ({ operations, workspace, begun }, signal) => {
    const other = options.from === undefined ? undefined : codeSide(options.from, options);
    if (other && "message" in other) return refuse(other.message, terminal);
    const from = other?.model ?? target(workspace);
    const request: GenerateRequest = {
      name,
      ...(options.empty && { empty: true }),
      ...(!options.proof && { proof: false }),
      ...(options.plan && { planned: true }),
      ...(options.table && { tables: options.table }),
      ...(options.file && { files: options.file.map((path) => resolvePath(workspace.root, withSlashes(path))) }),
      ...(from && { from }),
      ...(begun && { begun }),
    };
    let answers: Readonly<Record<string, string | null>> = Object.fromEntries(given);
    let made: GeneratedFiles;
    for (;;) {
      terminal.progress(options.proof ? "Comparing, writing and proving it" : "Comparing and writing it");
      made = await operations.generate({ ...request, renames: answers }, signal);
      terminal.progress(undefined);
      if (made.questions.length === 0) break;
      if (options.rename === false) answers = { ...answers, ...Object.fromEntries(made.questions.map(({ from }) => [from, null])) };
      else if (!terminal.asks) return refuse(`Was something renamed? ${made.questions.map(({ from, candidates }) => `${from}: --rename ${from}=${candidates.join(` or ${from}=`)}`).join("; ")}. Where nothing was: --no-rename.`, terminal);
      else {
        const answer = await ask(made.questions[0]!);
        if (answer === undefined) return exit.refused;
        answers = { ...answers, ...answer };
      }
    }
    const { notGenerated = [] } = made;
    if (made.compared !== undefined) terminal.tell(`${terminal.errorColors.yellow("note:")} ${visible(made.compared)}`);
    for (const one of made.refused) terminal.tell(`${terminal.errorColors.yellow("left out:")} ${visible(refusalText(one))}`);
    for (const what of notGenerated) terminal.tell(`${terminal.errorColors.yellow("not generated:")} ${what}`);
    const names = made.written.map(({ file }) => workspace.relative(file));
    const losses = made.migrations.flatMap((one) => one.losses);
    // A plan names them too, and is to stay one document.
    const print = (proved: boolean): void => {
      if (options.format !== "json") for (const name of names) terminal.write(`${name}\n`);
      else if (!options.plan) terminal.write(`${JSON.stringify({ version: 1, files: names, proved, losses }, undefined, 2)}\n`);
    };
    const plan = async (): Promise<number> => {
      if (operations.folder) return showPlan({ operations, workspace }, { database: options.database, format: options.format, down: false, ...(made.standing && { known: made.standing }) }, terminal, signal);
      const planned = targetOf(options.database, workspace, terminal);
      return printPlan(buildPlan({ direction: "up", database: nameOf(planned), production: planned.kind === "connection" && planned.settings.production, migrations: [], obstacles: [] }), options.format, workspace, terminal);
    };
    if (made.written.length === 0) {
      if (made.refused.length === 0) print(false);
      terminal.tell(made.refused.length > 0 ? "Nothing was written." : `Nothing ${notGenerated.length > 0 ? "else " : ""}differs, so there is nothing to migrate.`);
      if (made.refused.length > 0) return exit.refused;
      return options.plan ? plan() : exit.clean;
    }
    const { proof = [], proofNotes = [], proofPart, unproved } = made;
    for (const problem of proof) terminal.tell(`${terminal.errorColors.red("proof failed:")} ${problem}`);
    if (proof.length > 0 && !options.force && (!terminal.asks || (await askYesNo("On the embedded database it does not do what it should. Write it anyway?")) !== true)) return refuse("Nothing was written. To write it all the same, and mend it by hand: --force.", terminal);
    const failure = writeFiles(made.written.map(({ file, text }) => ({ path: file, before: workspace.files.read(file), after: text })));
    if (failure !== undefined) return refuse(failure, terminal);
    print(unproved === undefined && proof.length === 0);
    for (const loss of losses) terminal.tell(`${terminal.errorColors.red("loses data:")} ${loss}`);
    if (unproved !== undefined) terminal.tell(`${terminal.errorColors.yellow("not proved:")} ${unproved}`);
    else if (proof.length === 0) terminal.tell(`${terminal.errorColors.green("proved")} ${provedWhere(proofPart)}: up leads to the schema of the code, down back to what was.`);
    for (const note of proofNotes) terminal.tell(`${terminal.errorColors.yellow("note:")} ${note}`);
    if (!options.plan) return exit.clean;
    for (const { file } of made.written) workspace.files.forget(file);
    return plan();
  }, (workspace) => {
    const from = target(workspace);
    return options.empty ? undefined : { proof: options.proof, ...(from && { from }) };
  });
}

/** What becomes of it where it was not renamed. */
const otherwise: Readonly<Record<RenameQuestion["what"], string>> = {
  schema: "it stays, and what stands in it is asked for by itself", table: "it goes, with what is in it", column: "it goes, with what is in it", type: "it goes", policy: "it goes", value: "it goes, and no row may have it", sequence: "it goes, with the number that it has reached", view: "it goes, with its privileges", role: "it goes, on the whole server",
};

/** Whether it may also be the same in another schema. */
function moves(what: RenameQuestion["what"]): boolean {
  return what === "table" || what === "type" || what === "sequence";
}

async function ask({ what, from, candidates }: RenameQuestion): Promise<Readonly<Record<string, string | null>> | undefined> {
  const fresh = " (none of them)";
  const answer = await askOneOf(`The ${what} ${from} is not in the code any more. Was it ${moves(what) ? "renamed or moved" : "renamed"}?`, [...candidates.map((name) => ({ value: name, label: `renamed to ${name}` })), { value: fresh, label: `no: ${otherwise[what]}` }]);
  return answer === undefined ? undefined : { [from]: answer === fresh ? null : answer };
}
