// `plumbline diff <from> <to>`: what changes the first schema into the second, of code or of a database. What SQL would do
// it is the migrations' affair.
import { compare } from "../compare/compare";
import { inverse, type Change } from "../model/change";
import type { SchemaModel, SourceName } from "../model/schema";
import { didYouMean } from "../nearest";
import { changeText, type ChangeText } from "../report/change-text";
import { counted } from "../report/counted";
import type { PlainFormat } from "./arguments";
import { refuse } from "./check";
import { tellProblems, withDatabase } from "./database";
import { exit, type Terminal } from "./terminal";
import { openWorkspace, readSchemas, type Refusal, type WorkspaceOptions } from "./workspace";

export interface DiffOptions extends WorkspaceOptions {
  readonly format: PlainFormat;
  /** What "db" means: a URL, the name of a connection, or "embedded"; undefined: the connection that the workspace's files name. */
  readonly database?: string;
}

/** Exit code 0 where nothing differs, 1 where something does. */
export async function diff(from: string, to: string, options: DiffOptions, terminal: Terminal): Promise<number> {
  if (from === "db" && to === "db") return refuse("Both sides are the database; compare it with code, drizzle:PATH or prisma:PATH.", terminal);
  if (options.database !== undefined && from !== "db" && to !== "db") return refuse(`--database names the side "db": plumbline diff ${from} db --database …`, terminal);
  const code = schemaOf(from === "db" ? to : from, options);
  if ("message" in code) return refuse(code.message, terminal);
  const other = from === "db" || to === "db" ? await databaseSide(code, options, terminal) : schemaOf(to, options);
  if ("message" in other) return refuse(other.message, terminal);
  // Only the code says which of the database's tables it manages, so that side is always compared with the database.
  const changes = from === "db" ? compare(code, other).map(inverse) : compare(code, other);
  print(changes, from === "db" ? [other, code] : [code, other], options.format, terminal);
  return changes.length === 0 ? exit.clean : exit.findings;
}

async function databaseSide(code: SchemaModel, options: DiffOptions, terminal: Terminal): Promise<SchemaModel | Refusal> {
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return workspace;
  return withDatabase({ name: options.database, workspace, terminal, schemas: () => [code] }, async (database, signal) => {
    const reading = await database.read(signal);
    tellProblems(reading, terminal);
    return reading.model;
  });
}

function print(changes: readonly Change[], [left, right]: readonly [SchemaModel, SchemaModel], format: PlainFormat, terminal: Terminal): void {
  switch (format) {
    case "json":
      terminal.write(`${JSON.stringify({ version: 1, from: named(left), to: named(right), changes: changes.map(changeJson) }, undefined, 2)}\n`);
      break;
    case "pretty":
      terminal.write(prettyChanges(changes.map(changeText), terminal));
      terminal.tell(changes.length === 0 ? `No difference between ${left.id} and ${right.id}.` : `${counted(changes.length, "change")} from ${left.id} (${left.source}) to ${right.id} (${right.source}).`);
      break;
  }
}

/** One side of a comparison by what the command line calls it. */
function schemaOf(side: string, options: WorkspaceOptions): SchemaModel | Refusal {
  const [kind, path] = side.includes(":") ? [side.slice(0, side.indexOf(":")), side.slice(side.indexOf(":") + 1)] : [side, undefined];
  switch (kind) {
    case "code": return path === undefined ? onlySchema([], undefined, options, side) : unknownSide(side);
    case "drizzle":
    case "prisma": return path === undefined || path === "" ? { kind: "refused", message: `"${side}" needs a path: ${kind}:PATH.` } : onlySchema([path], kind, options, side);
    default: return unknownSide(side);
  }
}

function unknownSide(side: string): Refusal {
  return { kind: "refused", message: `"${side}" names no schema${didYouMean(side.split(":")[0]!, ["code", "db", "drizzle", "prisma"])}\nWrite code (the one schema here), db (the database that --database names), drizzle:PATH or prisma:PATH.` };
}

function onlySchema(paths: readonly string[], source: SourceName | undefined, options: WorkspaceOptions, side: string): SchemaModel | Refusal {
  const workspace = openWorkspace(paths, options);
  if (workspace.kind === "refused") return workspace;
  // --schema says which of several schemas "code" means; a path says it by itself.
  const report = readSchemas(workspace, paths, paths.length > 0 ? { ...options, schema: undefined } : options);
  if ("message" in report) return report;
  const models = report.schemas.map(({ model }) => model).filter((model) => source === undefined || model.source === source);
  const [only, ...others] = models;
  if (only === undefined) return { kind: "refused", message: `No ${source} schema was found in ${paths.join(", ")}.` };
  if (others.length > 0) return { kind: "refused", message: `"${side}" means ${models.length} schemas: ${models.map((model) => `${model.source}:${model.id}`).join(", ")}.\nName one, as drizzle:PATH or prisma:PATH, or with --schema.` };
  return only;
}

function named({ id, source, dialect }: SchemaModel) {
  return { id, source, dialect };
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
