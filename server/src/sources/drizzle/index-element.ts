// One new index as an element of a table's third argument, for an editor that writes it at the cursor. The quick fix
// edits whole statements (edit-table.ts); here the statement may be half-typed.
import type { Index, SchemaModel, Table } from "../../model/schema";
import type { Files, TextEdit } from "../source";
import { fileEdit, keyHabit } from "./edit-file";
import { indexCall } from "./edit-index";
import { isIdentifier, quoted } from "./edit-style";
import { tableSyntax } from "./edit-syntax";
import { property } from "./edit-table";

export interface IndexElement {
  /** `index("orders_client_id_idx").on(t.clientId)`. */
  readonly code: string;
  /** The property that an object style has for it, as the table's or the file's other keys are named. */
  readonly key: string;
  /** What the file's imports need for it. */
  readonly imports: readonly TextEdit[];
}

/** How `index`, which has a name, is written where `parameter` is the table; undefined where its dialect's builder cannot say it. `taken`: keys that the object has. */
export function indexElement(index: Index & { readonly name: string }, table: Table, parameter: string, taken: readonly string[], model: SchemaModel, files: Files): IndexElement | undefined {
  const path = table.at?.file;
  const file = path === undefined ? undefined : fileEdit(path, model, files);
  if (path === undefined || !file) return undefined;
  const hidden = new Set([parameter]);
  const code = indexCall(index, {
    core: file.core,
    quote: file.quote,
    column(name) {
      const own = table.columns.find((column) => column.name === name)?.property;
      return own === undefined ? undefined : isIdentifier(own) ? `${parameter}.${own}` : `${parameter}[${quoted(own, file.quote)}]`;
    },
    builder: (name) => file.writer.use({ module: file.module, name, hidden, otherwise: file.core + name.charAt(0).toUpperCase() + name.slice(1) }),
    sql: () => file.writer.use({ module: "drizzle-orm", name: "sql", hidden, otherwise: "drizzleSql" }),
  });
  if (code === undefined) return undefined;
  const syntax = tableSyntax(table, file.text);
  const habit = (syntax?.extra && keyHabit(syntax.extra, table, syntax)) ?? file.habits().key;
  return { code, key: property(index.name, habit, table, new Set(taken), file), imports: file.writer.splices().map((splice) => ({ file: path, ...splice })) };
}
