// The requests that only look: lenses, hovers, completion, outline, and the way to the other ORM's schema.
import type { ClientCapabilities, Connection, Location, TextDocumentPositionParams } from "vscode-languageserver/node";
import type { ModelPair } from "../compare/pairs";
import type { SchemaModel, SourceRange } from "../model/schema";
import type { Files } from "../sources/source";
import { codeLenses } from "./code-lenses";
import { completions } from "./completion";
import { knownFacts } from "./database-facts";
import { hoverText } from "./hover";
import { locate, type Located } from "./located";
import { definitions, references } from "./navigation";
import { locationOf, pathOf, rangeOf, type Texts } from "./place";
import type { Answers } from "./requests";
import { documentSymbols, flatSymbols, workspaceSymbols } from "./symbols";
import type { Workspace } from "./workspace";

export interface ReadingParts {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly workspace: Workspace;
  readonly texts: Texts;
  readonly answered: Answers;
  /** Commands that the client runs itself. */
  readonly commands: ReadonlySet<string>;
}

export const completionTriggers = ["[", ",", "."];

export function serveReading({ connection, capabilities, workspace, texts, answered, commands }: ReadingParts): void {
  const modelsOf = (path: string): readonly SchemaModel[] => [...new Set(workspace.schemasOf(path).map(({ reading }) => reading.model))];
  const allModels = (): readonly SchemaModel[] => workspace.folders.flatMap((folder) => folder.report().schemas.map(({ model }) => model));
  const pairs = (): readonly ModelPair[] => workspace.folders.flatMap((folder) => folder.report().pairs);
  /** The texts as files; none is looked for. */
  const filesOf = (root: string): Files => ({ root, read: (path) => texts.document(path)?.getText(), exists: (path) => texts.document(path) !== undefined, list: () => [] });
  const locations = (places: readonly SourceRange[]): Location[] => places.map((at) => locationOf(at, texts));

  const at = <Answer>(name: string, answer: (located: Located) => Answer): ((params: TextDocumentPositionParams) => Answer | null | Promise<Answer | null>) =>
    answered(name, ({ textDocument, position }): Answer | null => {
      const path = pathOf(textDocument.uri);
      const document = path === undefined ? undefined : texts.document(path);
      if (path === undefined || !document) return null;
      const located = locate(modelsOf(path), path, document.offsetAt(position));
      return located ? answer(located) : null;
    }, null);

  connection.onHover(at("textDocument/hover", (located) => ({ contents: { kind: "markdown" as const, value: hoverText(located, knownFacts(workspace, located.model)) }, range: rangeOf(located.at, texts) })));
  connection.onDefinition(at("textDocument/definition", (located) => locations(definitions(located, pairs()))));
  connection.onReferences((params) => at("textDocument/references", (located) => locations(references(located, pairs(), params.context.includeDeclaration)))(params));

  connection.onCodeLens(answered("textDocument/codeLens", ({ textDocument }) => {
    const path = pathOf(textDocument.uri);
    return path === undefined ? [] : [...codeLenses(modelsOf(path), path, texts, commands, (model) => knownFacts(workspace, model))];
  }, []));

  connection.onCompletion(answered("textDocument/completion", ({ textDocument, position }) => {
    const path = pathOf(textDocument.uri);
    const document = path === undefined ? undefined : texts.document(path);
    if (path === undefined || !document) return [];
    const schemas = workspace.schemasOf(path).map(({ folder, reading }) => ({ model: reading.model, indexName: folder.settings.config.indexName, files: filesOf(folder.root) }));
    return [...completions(schemas, path, document.getText(), document.offsetAt(position), texts)];
  }, []));

  const hierarchical = capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
  connection.onDocumentSymbol((params) => answered("textDocument/documentSymbol", ({ textDocument: { uri } }: typeof params) => {
    const path = pathOf(uri);
    const symbols = path === undefined ? [] : documentSymbols(modelsOf(path), path, texts);
    return hierarchical ? symbols : flatSymbols(symbols, uri);
  }, [])(params));
  connection.onWorkspaceSymbol(answered("workspace/symbol", ({ query }) => workspaceSymbols(allModels(), query, texts), []));
}
