// Over each table: how many foreign keys and indexes it has, and how many keys no index serves. A click shows them,
// where the client can, and one beside it the table in the diagram. With a connected database, also how many rows it has.
import type { CodeLens, Location } from "vscode-languageserver/node";
import { coverage } from "../indexes/coverage";
import type { SchemaModel, SourceRange, Table } from "../model/schema";
import { tableText, type KnownFacts } from "./database-facts";
import { locationOf, rangeOf, type Texts } from "./place";
import { clientCommands, type DiagramFocus } from "./protocol";

/** The lenses of one file's tables. `commands`: those that the client runs; `factsOf`: what a connected database knows of a schema's tables. */
export function codeLenses(models: readonly SchemaModel[], file: string, texts: Texts, commands: ReadonlySet<string>, factsOf: (model: SchemaModel) => KnownFacts | undefined): readonly CodeLens[] {
  return models.flatMap((model) => {
    const known = factsOf(model);
    return model.tables.flatMap((table) => {
      const at = table.nameAt ?? table.at;
      if (at?.file !== file || table.implicit) return [];
      const range = rangeOf(at, texts);
      const places = placesOf(table, texts);
      const shown = commands.has(clientCommands.showPlaces) && places.length > 0;
      const facts = tableText(known?.table(table.name));
      const focus: DiagramFocus = { schema: model.id, table: { schema: table.name.schema === "public" ? null : table.name.schema, name: table.name.name } };
      const diagram: CodeLens = { range, command: { title: "diagram", command: clientCommands.showDiagram, arguments: [texts.uri(file), focus] } };
      return [{ range, command: { title: `${lensTitle(table, model)}${facts === "" ? "" : ` | ${facts}`}`, command: shown ? clientCommands.showPlaces : "", ...(shown && { arguments: [texts.uri(file), range.start, places] }) } }, ...(commands.has(clientCommands.showDiagram) ? [diagram] : [])];
    });
  });
}

/** For example "2 foreign keys, 1 uncovered | 3 indexes". Unique constraints count as indexes, the primary key does not. */
export function lensTitle(table: Table, model: Pick<SchemaModel, "dialect" | "source">): string {
  const uncovered = table.foreignKeys.filter((key) => ["missing", "unusable", "partial"].includes(coverage(key, table, model.dialect, model.source).verdict)).length;
  const keys = `${count(table.foreignKeys.length, "foreign key", "foreign keys")}${uncovered > 0 ? `, ${uncovered} uncovered` : ""}`;
  return `${keys} | ${count(table.indexes.length + table.uniques.length, "index", "indexes")}`;
}

function placesOf(table: Table, texts: Texts): readonly Location[] {
  const all = [...table.foreignKeys, ...table.uniques, ...table.indexes].flatMap(({ at }): readonly SourceRange[] => (at ? [at] : []));
  const seen = new Set<string>();
  return all.filter(({ file, start }) => !seen.has(`${file} ${start}`) && seen.add(`${file} ${start}`)).map((at) => locationOf(at, texts));
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
