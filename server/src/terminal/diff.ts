// `plumbline diff <from> <to>`: what changes the first schema into the second, code against code. What SQL would do it
// is the migrations' affair.
import { compare } from "../compare/compare";
import type { Change } from "../model/change";
import type { SchemaModel, SourceName } from "../model/schema";
import { didYouMean } from "../nearest";
import { changeText, type ChangeText } from "../report/change-text";
import { counted } from "../report/counted";
import type { PlainFormat } from "./arguments";
import { refuse } from "./check";
import { exit, type Terminal } from "./terminal";
import { openWorkspace, readSchemas, type Refusal, type WorkspaceOptions } from "./workspace";

export interface DiffOptions extends WorkspaceOptions {
  readonly format: PlainFormat;
}

/** Exit code 0 where nothing differs, 1 where something does. */
export function diff(from: string, to: string, options: DiffOptions, terminal: Terminal): number {
  const sides: SchemaModel[] = [];
  for (const named of [from, to]) {
    const model = schemaOf(named, options);
    if ("message" in model) return refuse(model.message, terminal);
    sides.push(model);
  }
  const [left, right] = sides as [SchemaModel, SchemaModel];
  const changes = compare(left, right);
  switch (options.format) {
    case "json":
      terminal.write(`${JSON.stringify({ version: 1, from: named(left), to: named(right), changes: changes.map(changeJson) }, undefined, 2)}\n`);
      break;
    case "pretty":
      terminal.write(prettyChanges(changes.map(changeText), terminal));
      terminal.tell(changes.length === 0 ? `No difference between ${left.id} and ${right.id}.` : `${counted(changes.length, "change")} from ${left.id} (${left.source}) to ${right.id} (${right.source}).`);
      break;
  }
  return changes.length === 0 ? exit.clean : exit.findings;
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
  return { kind: "refused", message: `"${side}" names no schema${didYouMean(side.split(":")[0]!, ["code", "drizzle", "prisma"])}\nWrite code (the one schema here), drizzle:PATH or prisma:PATH.` };
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
