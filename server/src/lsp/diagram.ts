// Answers `plumbline/diagram`: the schema of a document, or the one that was chosen, laid out in steps, so that what is
// typed meanwhile is answered in between.
import type { Connection, Location } from "vscode-languageserver/node";
import { diagramOf } from "../diagram/diagram";
import { placing, type PlacedDiagram } from "../diagram/layout";
import type { SchemaReading } from "../model/finding";
import type { SourceRange, Table } from "../model/schema";
import { locationOf, pathOf, type Texts } from "./place";
import { diagramMethod, diagramPlaceMethod, type DiagramAnswer, type DiagramPlaceRequest, type DiagramRequest, type SchemaChoice } from "./protocol";
import type { Folder, Workspace } from "./workspace";

export interface DiagramParts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly texts: Texts;
  /** Resolved when the folders are open. */
  readonly ready: Promise<void>;
}

interface Candidate {
  readonly folder: Folder;
  readonly reading: SchemaReading;
}

export function serveDiagram({ connection, workspace, texts, ready }: DiagramParts): void {
  connection.onRequest(diagramMethod, async (request: DiagramRequest): Promise<DiagramAnswer> => {
    await ready;
    const candidates = candidatesFor(request);
    const [first, ...others] = candidates;
    if (!first) return { kind: "none" };
    if (others.length > 0) return { kind: "choose", schemas: candidates.map(choiceOf) };
    const { folder, reading: { model } } = first;
    const findings = folder.report().findings;
    return { kind: "diagram", schema: choiceOf(first), diagram: await laidOut(placing(diagramOf(model, findings))) };
  });

  connection.onRequest(diagramPlaceMethod, async ({ root, schema, table, column }: DiagramPlaceRequest): Promise<Location | null> => {
    await ready;
    const model = candidatesFor({ root, schema })[0]?.reading.model;
    const declared = model?.tables.find(({ name }) => name.name === table.name && (name.schema === "public" ? null : name.schema) === table.schema);
    const at = declared && placeOf(declared, column);
    return at && texts.document(at.file) ? locationOf(at, texts) : null;
  });

  /** Schemas with tables: the named one, or those of the document, or all. */
  function candidatesFor({ root, schema, uri }: DiagramRequest): readonly Candidate[] {
    const all = workspace.folders.flatMap((folder) => folder.report().schemas.map((reading): Candidate => ({ folder, reading }))).filter(({ reading }) => reading.model.tables.length > 0);
    if (schema !== undefined) return all.filter(({ folder, reading }) => reading.model.id === schema && (root === undefined || folder.root === root)).slice(0, 1);
    const path = uri === undefined ? undefined : pathOf(uri);
    const here = all.filter(({ reading }) => reading.model.tables.some(({ at }) => at !== undefined && at.file === path));
    return here.length > 0 ? here : all;
  }
}

const choiceOf = ({ folder, reading: { model } }: Candidate): SchemaChoice => ({ root: folder.root, schema: model.id, source: model.source, tables: model.tables.length });

function placeOf(table: Table, column: string | undefined): SourceRange | undefined {
  const found = table.columns.find(({ name }) => name === column);
  return found?.nameAt ?? found?.at ?? table.nameAt ?? table.at;
}

/** One step, then whatever else has come in. */
async function laidOut(steps: Generator<undefined, PlacedDiagram>): Promise<PlacedDiagram> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
