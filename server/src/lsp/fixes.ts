// Fixes as workspace edits. Where the client can preview, each index's edit carries an annotation of its own, so that
// many fixes can be looked at, taken or left one by one.
import type { ClientCapabilities, TextDocumentEdit, TextEdit as ProtocolEdit, WorkspaceEdit } from "vscode-languageserver/node";
import type { Fix } from "../model/finding";
import type { TextEdit } from "../sources/source";
import type { MissingIndex, Wanted } from "./missing-indexes";
import { rangeOf, type Texts } from "./place";
import { piecesOf, type Piece } from "./pieces";
import type { Folder } from "./workspace";

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

/** One edit for all of the wanted fixes, without annotations. */
export function editFor(wanted: readonly Wanted[], texts: Texts, abilities: EditAbilities): FixEdit {
  const refused: { fix: Fix; reason: string }[] = [];
  const edits: TextEdit[] = [];
  for (const [folder, some] of groupByFolder(wanted)) {
    const written = folder.project.write(some);
    refused.push(...written.refused);
    edits.push(...written.edits);
  }
  return { refused, ...(edits.length > 0 && { edit: plainEdit(edits, texts, abilities) }) };
}

/**
 * One edit for all of the indexes. Each is a change with an annotation of its own where the client knows such;
 * `asks`: the client is to have every change confirmed. VS Code leaves what is to be confirmed unticked, and opens its
 * preview by itself for nothing else; asked for a preview by the user, it shows every change, ticked.
 */
export function indexesEdit(indexes: readonly MissingIndex[], texts: Texts, abilities: EditAbilities, asks: boolean): FixEdit {
  if (!abilities.annotations) return editFor(indexes.flatMap(({ wanted }) => wanted), texts, abilities);
  const refused: { fix: Fix; reason: string }[] = [];
  const pieces: Piece[] = [];
  for (const [folder, some] of groupByFolder(indexes.flatMap(({ wanted }) => wanted))) {
    const written = piecesOf(folder, some, indexes);
    refused.push(...written.refused);
    pieces.push(...written.pieces);
  }
  if (pieces.length === 0) return { refused };
  const changeAnnotations: NonNullable<WorkspaceEdit["changeAnnotations"]> = {};
  const byFile = new Map<string, ProtocolEdit[]>();
  for (const { edit, indexes: own } of pieces) {
    const id = own.length === 0 ? "imports" : own.map((index) => index.id).join("\n");
    changeAnnotations[id] ??= own.length === 0
      ? { label: "Imports", description: "what the new code needs", needsConfirmation: asks }
      : { label: own.map(({ label }) => label).join("; "), description: own.map(({ reason }) => reason).join(" "), needsConfirmation: asks };
    const list = byFile.get(edit.file) ?? [];
    byFile.set(edit.file, list);
    list.push({ range: rangeOf(edit, texts), newText: edit.text, annotationId: id } as ProtocolEdit);
  }
  const documentChanges = [...byFile].map(([file, edits]): TextDocumentEdit => ({ textDocument: { uri: texts.uri(file), version: texts.version(file) }, edits }));
  return { refused, edit: { documentChanges, changeAnnotations } };
}

/** Edits in offsets of the files' current texts. */
export function plainEdit(edits: readonly TextEdit[], texts: Texts, { documentChanges }: EditAbilities): WorkspaceEdit {
  const byFile = new Map<string, ProtocolEdit[]>();
  for (const edit of edits) {
    const list = byFile.get(edit.file) ?? [];
    byFile.set(edit.file, list);
    list.push({ range: rangeOf(edit, texts), newText: edit.text });
  }
  if (!documentChanges) return { changes: Object.fromEntries([...byFile].map(([file, own]) => [texts.uri(file), own])) };
  return { documentChanges: [...byFile].map(([file, own]) => ({ textDocument: { uri: texts.uri(file), version: texts.version(file) }, edits: own })) };
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
