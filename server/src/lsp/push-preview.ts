// What pushing the code's schema (`drizzle-kit push`, `prisma db push`) would do to a connected database, as the text of a
// diff: what would be dropped stands on top. Nothing is changed, and nothing of the project is run.
import type { Connection } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { compare } from "../compare/compare";
import { inSpellingOf } from "../compare/expressions/spelling";
import { inverse, type Change } from "../model/change";
import { packageScripts, pushes } from "../migrate/package-scripts";
import type { SchemaModel } from "../model/schema";
import { changeText } from "../report/change-text";
import { counted } from "../report/counted";
import { visible } from "../report/pretty";
import { pathOf } from "./place";
import { pushPreviewMethod, pushScriptsMethod, type PushPreview, type PushPreviewRequest, type PushScript } from "./protocol";
import type { Workspace } from "./workspace";

/** `spelled`: resolves once it is known which expressions are merely spelled in two ways. */
export function servePushPreview(connection: Connection, workspace: Workspace, ready: Promise<void>, spelled: () => Promise<void>): void {
  connection.onRequest(pushScriptsMethod, ({ text }: { readonly text: string }) => pushScripts(text));
  connection.onRequest(pushPreviewMethod, async ({ uri, tool }: PushPreviewRequest): Promise<PushPreview> => {
    await ready;
    await spelled();
    const path = pathOf(uri);
    const folder = path === undefined ? undefined : workspace.folderOf(path);
    if (!folder) return { kind: "no schema" };
    const { schemas, databases } = folder.report();
    const under = path!.slice(0, path!.lastIndexOf("/") + 1);
    const own = schemas.map(({ model }) => model).filter(({ source, tables }) => source === tool && tables.length > 0);
    const near = own.filter(({ tables }) => tables.some(({ at }) => at?.file.startsWith(under)));
    const models = near.length > 0 ? near : own;
    if (models.length === 0) return { kind: "no schema" };
    const previews = models.flatMap((model) => databases.filter((one) => one.schemas.includes(model.id)).map(({ database }) => previewText(model, inSpellingOf(model, database.model, database.printed))));
    return previews.length === 0 ? { kind: "not connected", root: folder.root, schema: models[0]!.id } : { kind: "preview", text: previews.join("\n\n") };
  });
}

/** Those of a package.json that push, whatever they are called. */
function pushScripts(text: string): readonly PushScript[] {
  const document = TextDocument.create("", "json", 0, text);
  return packageScripts(text).flatMap(({ name, command, start, end }): readonly PushScript[] => {
    const tool = pushes(command);
    return tool ? [{ name, tool, range: { start: document.positionAt(start), end: document.positionAt(end) } }] : [];
  });
}

/** A diff document of plain lines: "-" drops, "!" alters, "+" adds; "#" explains. */
export function previewText(code: SchemaModel, database: SchemaModel): string {
  // Only the code says which of the database's tables it manages, so it is the side that is compared.
  const changes = compare(code, database, { exact: true }).map(inverse);
  const renamed = compare(code, database).map(inverse).filter(({ kind }) => kind === "rename-table" || kind === "rename-column").map((change) => visible(`# By the look of it, ${renaming(change)}: ${asksAboutRenames[code.source] ?? ""}`));
  const head = `# What a push of ${visible(code.id)} would do to the database "${visible(database.id)}", as it was read last. Nothing has been changed.`;
  if (changes.length === 0) return `${head}\n# Nothing: the database has what the code says.\n`;
  const parts: readonly (readonly [title: string, sign: string, changes: readonly Change[]])[] = [
    ["Would be dropped, with the data in it", "-", changes.filter(losesData)],
    ["Would be dropped", "-", changes.filter((change) => changeText(change).sign === "-" && !losesData(change))],
    ["Would be altered", "!", changes.filter((change) => changeText(change).sign === "~")],
    ["Would be added", "+", changes.filter((change) => changeText(change).sign === "+")],
  ];
  const shown = parts.filter(([, , some]) => some.length > 0).map(([title, sign, some]) =>
    [`# ${title}: ${counted(some.length, "change")}`, ...some.map((change) => line(sign, change))].join("\n"));
  return `${[[head, ...renamed].join("\n"), ...shown].join("\n\n")}\n`;
}

/** What each tool's push makes of a rename. */
const asksAboutRenames: Partial<Record<SchemaModel["source"], string>> = {
  drizzle: "drizzle-kit asks whether it is, and drops it where the answer is no.",
  prisma: "Prisma asks nothing, drops the one and makes the other, empty.",
};

function renaming(change: Change): string {
  const { subject, text } = changeText(change);
  return change.kind === "rename-table" ? `the table ${subject} is ${text}` : `${subject}: ${text}`;
}

function losesData({ kind }: Change): boolean {
  return kind === "drop-table" || kind === "drop-column";
}

function line(sign: string, change: Change): string {
  const { subject, text } = changeText(change);
  return visible(`${sign} ${text === "" ? `table ${subject}` : `${subject}: ${text}`}`);
}
