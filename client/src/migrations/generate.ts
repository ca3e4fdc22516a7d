// Generating a migration: what it is for and what it is called, whether something was renamed, whether a failed proof
// stands; then its files are written and opened.
import * as vscode from "vscode";
import type { WorkspaceEdit } from "vscode-languageclient/node";
import type { GenerateMigrationAnswer, GenerateMigrationRequest, GenerateWhat, MigrationFiles, MigrationQuestion, MigrationSubject } from "../../../server/src/lsp/protocol";
import { withoutIcons } from "../database/connect";
import type { Databases } from "../database/databases";
import type { Session } from "../session";
import { counted } from "./run";
import { trusted } from "./choose";
import { saveLedgers, showWritten, writeFiles } from "./write";

export interface GenerateParts {
  readonly databases: Databases;
  readonly log: vscode.LogOutputChannel;
  start(): Promise<Session>;
  /** Files were written. */
  wrote(): void;
}

type Generated = Extract<GenerateMigrationAnswer, { readonly kind: "generated" }>;
type Request = Omit<GenerateMigrationRequest, "what"> & { readonly what: GenerateWhat };

/** Asks what the migration is for. */
export async function chooseAndGenerate(parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  if (!trusted()) return undefined;
  const subjects = await parts.databases.ask<readonly MigrationSubject[]>("migrationSubjects");
  if (subjects.length === 0) return void vscode.window.showInformationMessage("Plumbline: no PostgreSQL schema with tables was found in this workspace to generate a migration from.", "Write One by Hand").then((chosen) => chosen && vscode.commands.executeCommand("plumbline.newEmptyMigration"));
  const subject = await chooseSubject(subjects);
  if (!subject) return undefined;
  const { database } = subject;
  type Item = vscode.QuickPickItem & { readonly run: () => Promise<readonly vscode.Uri[] | undefined> };
  const of = (what: GenerateWhat) => () => named({ root: subject.root, schema: subject.schema, what }, parts);
  const items: readonly Item[] = [
    { label: "$(git-compare) What no migration makes yet", detail: "The code against the migrations of the project", run: of({ kind: "difference", from: { kind: "folder" } }) },
    ...(database ? [{ label: `$(diff) All drift from ${withoutIcons(database.name)}`, description: counted(database.differences, "difference"), detail: "What the code says and the connected database lacks", run: of({ kind: "difference", from: { kind: "database" } }) }] : []),
    { label: "$(list-selection) Chosen tables…", detail: "Only what concerns these", run: () => generateForTables(subject, parts) },
    ...(subjects.length > 1 ? [{ label: "$(split-horizontal) The difference of two schemas…", detail: "What this one has and another one lacks", run: () => generateBetween(subject, subjects, parts) }] : []),
    { label: "$(edit) Nothing: one to write by hand", detail: "Up, down and verify parts, empty", run: of({ kind: "empty" }) },
  ];
  return (await vscode.window.showQuickPick(items, { title: "Plumbline: Generate migration", placeHolder: `What shall it hold? (${subject.schema})`, matchOnDetail: true }))?.run();
}

/** The first migration of a project whose present schema becomes its baseline. A full sentence where it was not written. */
export async function writeFirst(files: MigrationFiles, { wrote }: Pick<GenerateParts, "wrote">): Promise<string | null> {
  const uris = await writeFiles(files, undefined);
  if (!uris) return "The first migration was not written: no file was changed, and nothing is recorded.";
  await showWritten(files, uris);
  wrote();
  return null;
}

export async function generateEmpty(parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  return trusted() ? named({ what: { kind: "empty" } }, parts) : undefined;
}

/** `uris`: schema files. */
export async function generateForFiles(uris: readonly vscode.Uri[], parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  return trusted() ? named({ what: { kind: "difference", from: { kind: "folder" }, files: uris.map(String) } }, parts) : undefined;
}

/** The migration of one finding, which needs no name. */
export async function generateForFinding(uri: string, key: string, parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  return trusted() ? generate({ what: { kind: "finding", uri, key } }, parts) : undefined;
}

async function chooseSubject(subjects: readonly MigrationSubject[]): Promise<MigrationSubject | undefined> {
  if (subjects.length < 2) return subjects[0];
  const items = subjects.map((subject) => ({ label: subject.schema, description: [counted(subject.tables.length, "table"), subject.database && `${counted(subject.database.differences, "difference")} from ${subject.database.name}`].filter(Boolean).join(", "), subject }));
  return (await vscode.window.showQuickPick(items, { title: "Plumbline: Generate migration", placeHolder: "For which schema?" }))?.subject;
}

export async function generateForTables(given: MigrationSubject | undefined, parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  if (!trusted()) return undefined;
  const subject = given ?? (await chooseSubject(await parts.databases.ask<readonly MigrationSubject[]>("migrationSubjects")));
  if (!subject) return undefined;
  // Those that differ first.
  const tables = [...subject.tables].sort((a, b) => b.differences - a.differences || a.name.localeCompare(b.name));
  const items = tables.map(({ name, file, differences }) => ({ label: name, description: [differences > 0 && counted(differences, "difference"), file && vscode.workspace.asRelativePath(vscode.Uri.parse(file))].filter(Boolean).join(", ") }));
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, matchOnDescription: true, ignoreFocusOut: true, title: "Plumbline: Generate migration", placeHolder: "Tick the tables whose changes the migration shall hold" });
  if (!chosen || chosen.length === 0) return undefined;
  return named({ root: subject.root, schema: subject.schema, what: { kind: "difference", from: { kind: "folder" }, tables: chosen.map(({ label }) => label) } }, parts);
}

async function generateBetween(subject: MigrationSubject, subjects: readonly MigrationSubject[], parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  const others = subjects.filter(({ schema }) => schema !== subject.schema).map(({ schema, tables }) => ({ label: schema, description: counted(tables.length, "table") }));
  const from = await vscode.window.showQuickPick(others, { title: "Plumbline: Generate migration", placeHolder: `From which schema to ${subject.schema}?` });
  return from && named({ root: subject.root, schema: subject.schema, what: { kind: "difference", from: { kind: "schema", schema: from.label } } }, parts);
}

async function named(request: Request, parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  const name = await vscode.window.showInputBox({
    title: "Plumbline: Generate migration", prompt: "What the migration is called", placeHolder: "add client index", ignoreFocusOut: true,
    validateInput: (text) => (/[\p{L}\p{N}]/u.test(text) ? undefined : "Give it a name with a letter or a digit."),
  });
  return name === undefined ? undefined : generate({ ...request, name: name.trim() }, parts);
}

async function generate(request: Request, parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  await saveLedgers();
  const answer = await parts.databases.follow<GenerateMigrationAnswer>("Plumbline", "generateMigration", request);
  switch (answer.kind) {
    case "generated": return write(answer, request.what.kind === "empty" ? byHand : next, parts);
    case "questions": {
      const renames = await askRenames(answer.questions);
      return renames && generate({ ...request, renames: { ...request.renames, ...renames } }, parts);
    }
    case "schema": {
      const items = answer.schemas.map((project) => ({ label: project.schema ?? project.root, project }));
      const chosen = await vscode.window.showQuickPick(items, { title: "Plumbline: Generate migration", placeHolder: "For which schema?" });
      return chosen && generate({ ...request, ...chosen.project }, parts);
    }
    case "nothing": return void vscode.window.showInformationMessage(`Plumbline: ${answer.message}`);
    case "failed": return void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
    case "cancelled": return undefined;
  }
}

/** What becomes of it where it was not renamed. */
const otherwise: Readonly<Record<MigrationQuestion["what"], string>> = {
  schema: "stays, and what stands in it is asked for by itself", table: "goes with its data", column: "goes with its data", type: "goes", policy: "goes", value: "goes, and no row may have it", sequence: "goes with the number that it has reached", view: "goes with its privileges", role: "goes on the whole server",
};

/** One question after another; undefined where one was left open. */
async function askRenames(questions: readonly MigrationQuestion[]): Promise<Readonly<Record<string, string | null>> | undefined> {
  const answers: Record<string, string | null> = {};
  for (const { what, from, candidates } of questions) {
    const items = [
      ...candidates.map((candidate) => ({ label: `$(arrow-right) Renamed to ${candidate}`, to: candidate as string | null })),
      { label: what === "schema" ? "$(circle-slash) Not renamed" : "$(trash) Not renamed: dropped", detail: `The ${what} ${from} ${otherwise[what]}`, to: null },
    ];
    const moves = what === "table" || what === "type" || what === "sequence";
    const chosen = await vscode.window.showQuickPick(items, { title: `Plumbline: was the ${what} ${from} ${moves ? "renamed or moved" : "renamed"}?`, placeHolder: `It is asked, because a rename keeps ${what === "policy" ? "the policy in force" : what === "role" ? "its password and memberships" : "the data"}`, ignoreFocusOut: true });
    if (!chosen) return undefined;
    answers[from] = chosen.to;
  }
  return answers;
}

/** Buttons of what is said in the end, with their commands. */
type Next = Readonly<Record<string, string>>;
const next: Next = { "Show Plan": "plumbline.showMigrationPlan", "Migrate Up…": "plumbline.migrateUp" };
const byHand: Next = { "Test Migrations": "plumbline.testMigrations" };

async function write(generated: Generated, buttons: Next, parts: GenerateParts): Promise<readonly vscode.Uri[] | undefined> {
  const { proof = [], provedWhere, unproved, refused, losses, notes } = generated;
  if (proof.length > 0) {
    for (const problem of proof) parts.log.warn(problem);
    const write = "Write Anyway";
    if ((await vscode.window.showWarningMessage("The migration does not prove true on the embedded database.", { modal: true, detail: proof.join("\n") }, write)) !== write) return undefined;
  }
  const { client } = await parts.start();
  const schema = generated.edit && (await client.protocol2CodeConverter.asWorkspaceEdit(generated.edit as WorkspaceEdit));
  const uris = await writeFiles(generated, schema);
  if (!uris) return void vscode.window.showErrorMessage("Plumbline: the migration was not written; no file was changed.");
  const shown = await showWritten(generated, uris);
  parts.wrote();
  const written = [...shown, ...(buttons === byHand ? generated.files.flatMap(({ uri, shown: opened }) => (!opened && uri.endsWith(".sql") ? [vscode.Uri.parse(uri)] : [])) : [])];
  const proved = proof.length > 0 ? " although its proof failed." : unproved === undefined ? ` and proved ${provedWhere}.` : `. ${unproved}`;
  void vscode.window.showInformationMessage([`Plumbline: ${written.map((uri) => vscode.workspace.asRelativePath(uri)).join(", ")} written${proved}`, ...notes, ...losses, ...refused.map((reason) => `Left out: ${reason}`)].join(" "), ...Object.keys(buttons)).then((chosen) => chosen !== undefined && vscode.commands.executeCommand(buttons[chosen]!));
  return shown;
}

