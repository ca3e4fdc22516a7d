// `plumbline diff <from> <to>`: what changes the first schema into the second, of code, of a database, or of what the folder
// of migrations leads to. What SQL would do it is the migrations' affair.
import { compare } from "../compare/compare";
import { inSpellingOf } from "../compare/expressions/spelling";
import type { BesideTables, ComparedSide } from "../migrate/operations/beside-tables";
import { inverse, type Change } from "../model/change";
import type { QualifiedName, SchemaModel, SourceName } from "../model/schema";
import { didYouMean } from "../nearest";
import { withoutOthers } from "../other-schemas";
import { changeText, type ChangeText } from "../report/change-text";
import { counted } from "../report/counted";
import { visible } from "../report/pretty";
import type { PlainFormat } from "./arguments";
import { refuse } from "./check";
import { interruptible, tellProblems, withDatabase } from "./database";
import { printedFor } from "./spelling";
import { exit, type Terminal } from "./terminal";
import { modelsOf, openWorkspace, readSchemas, type Refusal, type WorkspaceOptions } from "./workspace";

export interface DiffOptions extends WorkspaceOptions {
  readonly format: PlainFormat;
  /** What "db" means: a URL, the name of a connection, or "embedded"; undefined: the connection that the workspace's files name. */
  readonly database?: string;
}

/** One side: what the command line names, read. */
interface Side extends ComparedSide {
  /** Only the code says which tables it manages, and migrations say it of a database: whoever ranks lower is compared with the other. */
  readonly rank: "code" | "migrations" | "db";
  /** Of code: what other schemas of the workspace declare, and a database of several projects holds as well. */
  readonly elsewhere?: readonly QualifiedName[];
}

const ranks: readonly Side["rank"][] = ["code", "migrations", "db"];

/** Exit code 0 where nothing differs, 1 where something does. */
export async function diff(from: string, to: string, options: DiffOptions, terminal: Terminal): Promise<number> {
  if (from === "db" && to === "db") return refuse("Both sides are the database; compare it with code, migrations, drizzle:PATH or prisma:PATH.", terminal);
  if (options.database !== undefined && from !== "db" && to !== "db") return refuse(`--database names the side "db": plumbline diff ${from} db --database …`, terminal);
  const read: (Side | undefined)[] = [undefined, undefined];
  // Which folder of migrations is meant, and what the embedded database is made from, is known by the code on the other side.
  for (const at of [0, 1].sort((a, b) => ranks.indexOf(rankOf([from, to][a]!)) - ranks.indexOf(rankOf([from, to][b]!)))) {
    const side = await readSide([from, to][at]!, read[1 - at]?.rank === "code" ? read[1 - at]!.model : undefined, options, terminal);
    if ("message" in side) return refuse(side.message, terminal);
    read[at] = side;
  }
  const [left, right] = await alike(ofOneProject(read as [Side, Side]), terminal);
  const turned = ranks.indexOf(left.rank) > ranks.indexOf(right.rank);
  const beside = await compareBeside(turned ? [left, right] : [right, left], options, terminal);
  if ("message" in beside) return refuse(beside.message, terminal);
  const changes = turned ? [...compare(right.model, left.model).map(inverse), ...beside.changes] : [...compare(left.model, right.model), ...beside.changes.map(inverse)];
  print(changes, beside.notes, [left, right], options.format, terminal);
  return changes.length === 0 ? exit.clean : exit.findings;
}

/** A database beside code is looked at without what other projects have there. */
function ofOneProject(sides: readonly [Side, Side]): readonly [Side, Side] {
  const elsewhere = sides.flatMap((side) => side.elsewhere ?? []);
  const [left, right] = sides.map((side) => (side.rank === "db" ? { ...side, model: withoutOthers(side.model, elsewhere) } : side));
  return [left!, right!];
}

/** Of sequences, views, policies, schemas and roles: what makes the one that stands like the one that is wanted. */
async function compareBeside([standing, wanted]: readonly [standing: Side, wanted: Side], options: DiffOptions, terminal: Terminal): Promise<BesideTables | Refusal> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return workspace;
  const { files, config, root } = workspace;
  const { findFolder } = await import("../migrate/folders/find");
  const { besideTables } = await import("../migrate/operations/beside-tables");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  const folder = standing.folder ?? wanted.folder ?? findFolder(files, wanted.rank === "code" ? wanted.model : undefined, config.migrations);
  return interruptible(terminal, (signal) => besideTables(wanted, standing, { ...(folder && { folder }), files, scratch: { folder: root, cache: userCacheFolder(terminal.environment) } }, signal));
}

/** A side that a database printed, in the spelling of the other where PostgreSQL prints both alike. */
async function alike([left, right]: readonly [Side, Side], terminal: Terminal): Promise<readonly [Side, Side]> {
  // Of two, the versions may print one expression in two ways.
  if (left.model.source === "database" && right.model.source !== "database") return [(await alike([right, left], terminal))[1], right];
  if (right.model.source !== "database") return [left, right];
  const printed = await printedFor([[left.model, right.model]], terminal);
  return [left, { ...right, model: inSpellingOf(left.model, right.model, printed) }];
}

function rankOf(side: string): Side["rank"] {
  return side === "db" ? "db" : kindOf(side) === "migrations" ? "migrations" : "code";
}

/** `code`: the other side, where that is code. */
async function readSide(side: string, code: SchemaModel | undefined, options: DiffOptions, terminal: Terminal): Promise<Side | Refusal> {
  const rank = rankOf(side);
  if (rank === "code") {
    const read = codeSide(side, options);
    return "message" in read ? read : { rank, ...read };
  }
  const read = rank === "db" ? await databaseSide(code, options, terminal) : await migrationsSide(side, code, options, terminal);
  return "message" in read ? read : { rank, ...read };
}

async function databaseSide(code: SchemaModel | undefined, options: DiffOptions, terminal: Terminal): Promise<ComparedSide | Refusal> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return workspace;
  const schemas = (): readonly SchemaModel[] | Refusal => (code ? [code] : modelsOf(workspace, [], options));
  return withDatabase({ name: options.database, workspace, terminal, schemas }, async (database, signal) => {
    const reading = await database.read(signal);
    tellProblems(reading, terminal);
    // The embedded one has the roles that migrations take for granted, and no others.
    const names = options.database === "embedded" ? undefined : await (await import("../databases/declared")).readNames(database, signal);
    return { model: reading.model, ...(names && { names }) };
  });
}

async function migrationsSide(side: string, code: SchemaModel | undefined, options: DiffOptions, terminal: Terminal): Promise<ComparedSide | Refusal> {
  const path = pathOf(side);
  if (path === "") return unnamedPath(side);
  const { replayedMigrations } = await import("./replayed-migrations");
  return replayedMigrations(path, code, options, terminal);
}

function print(changes: readonly Change[], notes: readonly string[], [left, right]: readonly [Side, Side], format: PlainFormat, terminal: Terminal): void {
  switch (format) {
    case "json":
      terminal.write(`${JSON.stringify({ version: 1, from: named(left), to: named(right), changes: changes.map(changeJson), notes }, undefined, 2)}\n`);
      break;
    case "pretty":
      terminal.write(prettyChanges(changes.map(changeText), terminal));
      for (const note of notes) terminal.tell(`${terminal.errorColors.yellow("note:")} ${visible(note)}`);
      terminal.tell(changes.length === 0 ? `No difference between ${left.model.id} and ${right.model.id}.` : `${counted(changes.length, "change")} from ${title(left)} to ${title(right)}.`);
      break;
  }
}

/** One side of a comparison by what the command line calls it, and what other schemas of the workspace declare beside it. */
export function codeSide(side: string, options: WorkspaceOptions): Required<Pick<Side, "model" | "elsewhere">> | Refusal {
  const path = pathOf(side);
  switch (kindOf(side)) {
    case "code": return path === undefined ? onlySchema([], undefined, options, side) : unknownSide(side);
    case "drizzle":
    case "prisma": return path === undefined || path === "" ? unnamedPath(side) : onlySchema([path], kindOf(side) as SourceName, options, side);
    default: return unknownSide(side);
  }
}

function kindOf(side: string): string {
  return side.split(":", 1)[0]!;
}

/** What stands behind the colon; undefined where there is none. */
function pathOf(side: string): string | undefined {
  const colon = side.indexOf(":");
  return colon < 0 ? undefined : side.slice(colon + 1);
}

function unnamedPath(side: string): Refusal {
  return { kind: "refused", message: `"${side}" needs a path: ${side}PATH.` };
}

function unknownSide(side: string): Refusal {
  return { kind: "refused", message: `"${side}" names no schema${didYouMean(kindOf(side), ["code", "db", "migrations", "drizzle", "prisma"])}\nWrite code (the one schema here), db (the database that --database names), migrations (what the folder of migrations leads to), drizzle:PATH or prisma:PATH.` };
}

function onlySchema(paths: readonly string[], source: SourceName | undefined, options: WorkspaceOptions, side: string): ReturnType<typeof codeSide> {
  const workspace = openWorkspace(paths, options);
  if (workspace.kind === "refused") return workspace;
  // --schema says which of several schemas "code" means; a path says it by itself.
  const report = readSchemas(workspace, paths, paths.length > 0 ? { ...options, schema: undefined } : options);
  if ("message" in report) return report;
  const models = report.schemas.map(({ model }) => model).filter((model) => source === undefined || model.source === source);
  const [only, ...others] = models;
  if (only === undefined) return { kind: "refused", message: `No ${source} schema was found in ${paths.join(", ")}.` };
  if (others.length > 0) return { kind: "refused", message: `"${side}" means ${models.length} schemas: ${models.map((model) => `${model.source}:${model.id}`).join(", ")}.\nName one, as drizzle:PATH or prisma:PATH, or with --schema.` };
  return { model: only, elsewhere: workspace.project.elsewhere(only.id) };
}

function named(side: Side) {
  const { id, dialect } = side.model;
  return { id, source: sourceOf(side), dialect };
}

function title(side: Side): string {
  return `${side.model.id} (${sourceOf(side)})`;
}

/** A replay was read from a database, which nobody has to know. */
function sourceOf({ rank, model }: Side): string {
  return rank === "migrations" ? rank : model.source;
}

function changeJson(change: Change) {
  const { subject, text } = changeText(change);
  return { kind: change.kind, subject, text };
}

/** By table, a line each. */
function prettyChanges(changes: readonly ChangeText[], { colors }: Terminal): string {
  const paint = { "+": colors.green, "-": colors.red, "~": colors.yellow };
  const subjects = new Map<string, ChangeText[]>();
  for (const change of changes) subjects.set(change.subject, [...(subjects.get(change.subject) ?? []), change]);
  return [...subjects].map(([subject, list]) => {
    const whole = list.find(({ text }) => text === "");
    const head = `${whole ? paint[whole.sign](`${whole.sign} `) : "  "}${colors.bold(subject)}\n`;
    return head + list.filter(({ text }) => text !== "").map(({ sign, text }) => `    ${paint[sign](`${sign} ${text}`)}\n`).join("");
  }).join("");
}
