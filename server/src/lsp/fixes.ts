// Fixes as workspace edits. Where the client can preview, each table's edit carries an annotation of its own, so that
// many fixes can be looked at, taken or left table by table.
import type { ClientCapabilities, TextDocumentEdit, TextEdit, WorkspaceEdit } from "vscode-languageserver/node";
import type { Finding, Fix } from "../model/finding";
import type { Table } from "../model/schema";
import { rangeOf, type Texts } from "./place";
import type { Folder } from "./workspace";

export interface Wanted {
  readonly folder: Folder;
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface EditAbilities {
  readonly documentChanges: boolean;
  readonly annotations: boolean;
}

export function editAbilities(capabilities: ClientCapabilities): EditAbilities {
  const edit = capabilities.workspace?.workspaceEdit;
  return { documentChanges: edit?.documentChanges === true, annotations: edit?.changeAnnotationSupport !== undefined && edit.documentChanges === true };
}

export interface FixEdit {
  readonly edit?: WorkspaceEdit;
  readonly refused: readonly { readonly fix: Fix; readonly reason: string }[];
}

/** The fix that "fix all" takes of a finding. */
export function preferredFix(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.preferred);
}

/** True for a finding that an index mends, whatever the rule. */
export function missesIndex(finding: Finding): boolean {
  return preferredFix(finding)?.changes.some((change) => change.kind === "add-index") ?? false;
}

/**
 * How a client that can preview shows an edit: not, grouped by table, or as a choice, made before anything changes.
 * VS Code leaves the boxes of what needs confirmation empty, so "all" must not ask for it: Apply would do nothing.
 */
export type Preview = "none" | "by table" | "table by table";

/** One edit for all of the wanted fixes. */
export function editFor(wanted: readonly Wanted[], texts: Texts, { documentChanges, annotations }: EditAbilities, preview: Preview): FixEdit {
  const byFile = new Map<string, { readonly edit: TextEdit; readonly table?: Table }[]>();
  const refused: { fix: Fix; reason: string }[] = [];
  for (const [folder, some] of groupByFolder(wanted)) {
    const written = folder.project.write(some);
    refused.push(...written.refused);
    const tables = folder.report().schemas.flatMap((schema) => schema.model.tables);
    for (const edit of written.edits) {
      const table = tables.find(({ at }) => at !== undefined && at.file === edit.file && at.start <= edit.start && edit.end <= at.end);
      const list = byFile.get(edit.file) ?? [];
      byFile.set(edit.file, list);
      list.push({ edit: { range: rangeOf(edit, texts), newText: edit.text }, table });
    }
  }
  if (byFile.size === 0) return { refused };
  if (!documentChanges) return { refused, edit: { changes: Object.fromEntries([...byFile].map(([file, edits]) => [texts.uri(file), edits.map(({ edit }) => edit)])) } };
  const changeAnnotations: NonNullable<WorkspaceEdit["changeAnnotations"]> = {};
  const annotate = (file: string, edit: TextEdit, table: Table | undefined): TextEdit => {
    if (!annotations || preview === "none") return edit;
    const id = table ? `${file} ${table.name.schema ?? ""} ${table.name.name}` : "imports";
    changeAnnotations[id] ??= table
      ? { label: table.name.name, description: titlesFor(table, wanted), needsConfirmation: preview === "table by table" }
      // Confirmed like the rest: VS Code shows a file with one confirmed edit as ticked, and would write the import alone.
      : { label: "imports", description: "what the new code needs", needsConfirmation: preview === "table by table" };
    return { ...edit, annotationId: id } as TextEdit;
  };
  const changes = [...byFile].map(([file, edits]): TextDocumentEdit => ({
    textDocument: { uri: texts.uri(file), version: texts.version(file) },
    edits: edits.map(({ edit, table }) => annotate(file, edit, table)),
  }));
  return { refused, edit: { documentChanges: changes, ...(Object.keys(changeAnnotations).length > 0 && { changeAnnotations }) } };
}

/** Edits of one file, in offsets of its current text. */
export function plainEdit(file: string, edits: readonly { readonly start: number; readonly end: number; readonly text: string }[], texts: Texts, { documentChanges }: EditAbilities): WorkspaceEdit {
  const converted = edits.map(({ start, end, text }) => ({ range: rangeOf({ file, start, end }, texts), newText: text }));
  const uri = texts.uri(file);
  return documentChanges ? { documentChanges: [{ textDocument: { uri, version: texts.version(file) }, edits: converted }] } : { changes: { [uri]: converted } };
}

function titlesFor(table: Table, wanted: readonly Wanted[]): string {
  const own = wanted.filter(({ finding }) => finding.table?.name === table.name.name && finding.table.schema === table.name.schema);
  return [...new Set(own.map(({ fix }) => fix.title))].join("; ");
}

function groupByFolder(wanted: readonly Wanted[]): Map<Folder, Wanted[]> {
  const groups = new Map<Folder, Wanted[]>();
  for (const one of wanted) {
    const group = groups.get(one.folder);
    if (group) group.push(one);
    else groups.set(one.folder, [one]);
  }
  return groups;
}
