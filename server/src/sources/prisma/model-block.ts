// A model's block in its file's current text, for writing: where a line goes, what a line takes away. No decisions about changes.
import type { EnumType, SchemaModel, Table } from "../../model/schema";
import type { Files, TextEdit } from "../source";
import { columnName, fieldNames } from "./declaration";
import { blockOf, parseFile, type ParsedFile } from "./parsed-file";
import { argument, type Attribute, type Block, type Span } from "./syntax";

export interface ModelBlock {
  readonly file: string;
  /** Start of the block in the file; spans below count from it. */
  readonly base: number;
  readonly block: Block;
  readonly attributes: readonly Attribute[];
  readonly fieldAttributes: readonly { readonly attribute: Attribute; readonly column: string }[];
  /** Database names of the columns that an attribute lists. */
  columnsOf(attribute: Attribute): readonly string[];
  edit(start: number, end: number, text: string): TextEdit;
  /** What is written there. */
  text(start: number, end: number): string;
  /** Takes away an attribute behind a field, with the blanks before it. */
  removal(attribute: Span): TextEdit;
  /** Takes away the lines of a block attribute, and the blank line above if nothing else follows it. */
  removalOfLine(attribute: Span): TextEdit;
  /** New block attributes, one a line, beside the others; `without` are going. Undefined where there is no line to put them on. */
  insertion(lines: readonly string[], without: readonly Attribute[]): TextEdit | undefined;
  /** A new field behind the last one. */
  insertionOfField(line: string): TextEdit | undefined;
}

/** An enum's values by the database's names. Offsets are the file's; a line ends where the next one begins. */
export interface EnumBlock {
  readonly file: string;
  readonly indent: string;
  readonly newline: string;
  readonly lines: ReadonlyMap<string, { readonly start: number; readonly next: number }>;
  /** The names in the schema. */
  readonly valueNames: ReadonlyMap<string, string>;
}

export interface OpenFiles {
  /** The block of a table, or undefined where the text has no such model any more. */
  block(table: Table): ModelBlock | undefined;
  /** The lines of an enum, or undefined where the text has no such enum any more. */
  enumBlock(type: EnumType): EnumBlock | undefined;
  /** Name of the schema's datasource, which native types begin with: `db` in `@db.Text`. */
  datasource(): string;
  /** Most indexes of the file write `fields:`. */
  namesFields(file: string): boolean;
  /** The datasource names schemas, so that each model and enum says which is its own. */
  hasSchemas(): boolean;
  /** A generator of the schema has switched the preview feature on. */
  hasPreviewFeature(name: string): boolean;
}

export function openFiles(model: SchemaModel, files: Files): OpenFiles {
  const parsed = new Map<string, ParsedFile | undefined>();
  function parse(file: string): ParsedFile | undefined {
    if (!parsed.has(file)) {
      const text = files.read(file);
      parsed.set(file, text === undefined ? undefined : parseFile(file, text));
    }
    return parsed.get(file);
  }
  function schemaFiles(): ReadonlySet<string> {
    const path = `${files.root}/${model.id}`;
    return new Set([...model.tables.flatMap((table) => (table.at ? [table.at.file] : [])), ...(files.exists(path) ? [path] : files.list("**/*.prisma", path))]);
  }
  return {
    block(table) {
      const file = table.at?.file;
      const now = file === undefined ? undefined : parse(file);
      const item = now?.items.find(({ kind, name }) => kind === "model" && name === table.property);
      return now && item ? modelBlock(now, item.place.base, blockOf(item)!) : undefined;
    },
    enumBlock(type) {
      const file = type.at?.file;
      const now = file === undefined ? undefined : parse(file);
      const item = now?.items.find(({ kind, name }) => kind === "enum" && name === type.property);
      return now && item ? enumBlock(now, item.place.base, blockOf(item)!) : undefined;
    },
    datasource: () => [...schemaFiles()].flatMap((file) => parse(file)?.items ?? []).find(({ kind }) => kind === "datasource")?.name ?? "db",
    hasSchemas: () => [...schemaFiles()].flatMap((file) => parse(file)?.items ?? []).some((item) => item.kind === "datasource" && blockOf(item)!.settings.some(({ name }) => name.text === "schemas")),
    namesFields(file) {
      const indexes = (parse(file)?.items ?? []).flatMap((item) => blockOf(item)?.attributes ?? []).filter((one) => one.name === "index");
      const named = indexes.filter((one) => one.arguments?.some((given) => given.name === "fields")).length;
      return named * 2 > indexes.length;
    },
    hasPreviewFeature(name) {
      for (const file of schemaFiles()) {
        for (const item of parse(file)?.items ?? []) {
          const features = item.kind === "generator" ? blockOf(item)!.settings.find((setting) => setting.name.text === "previewFeatures")?.value : undefined;
          if (features?.kind === "list" && features.items.some((item) => item.kind === "string" && item.text === name)) return true;
        }
      }
      return false;
    },
  };
}

function modelBlock(parsed: ParsedFile, base: number, block: Block): ModelBlock {
  const { file, text } = parsed;
  const columns = new Map(block.fields.map((field) => [field.name, columnName(field)]));
  const edit = (start: number, end: number, replacement: string): TextEdit => ({ file, start: base + start, end: base + end, text: replacement });
  const newline = text.startsWith("\r\n", lineEnd(text, base) - 1) ? "\r\n" : "\n";
  const lineStartOf = (offset: number): number => text.lastIndexOf("\n", base + offset - 1) + 1;

  return {
    file, base, block, edit,
    text: (start, end) => text.slice(base + start, base + end),
    attributes: block.attributes,
    fieldAttributes: block.fields.flatMap((field) => field.attributes.map((attribute) => ({ attribute, column: columnName(field) }))),
    columnsOf: (attribute) => fieldNames(argument(attribute, "fields", 0)).map((name) => {
      const [head, ...path] = name.split(".");
      return [columns.get(head!) ?? head!, ...path].join(".");
    }),
    removal(attribute) {
      let start = base + attribute.start;
      while (isBlank(text.charCodeAt(start - 1))) start--;
      return { file, start, end: base + attribute.end, text: "" };
    },
    removalOfLine(attribute) {
      let start = lineStartOf(attribute.start);
      const end = Math.min(lineEnd(text, base + attribute.end) + 1, text.length);
      const above = text.lastIndexOf("\n", start - 2) + 1;
      const onlyOne = /^[ \t]*\}/.test(text.slice(end, end + 200)) && text.slice(above, start).trim() === "" && above > base;
      if (onlyOne) start = above;
      return { file, start, end, text: "" };
    },
    insertion(lines, without) {
      const staying = block.attributes.filter((one) => !without.includes(one));
      const keys = staying.filter((one) => ["index", "unique", "id", "fulltext"].includes(one.name));
      const after = keys[keys.length - 1];
      if (after) {
        const at = lineEndBeforeReturn(text, base + after.end);
        const indent = indentAt(text, lineStartOf(after.start));
        return at > base + block.bodyEnd ? undefined : { file, start: at, end: at, text: lines.map((line) => newline + indent + line).join("") };
      }
      const before = staying[0];
      if (before) {
        let at = lineStartOf(before.start);
        const indent = indentAt(text, at);
        // Comments right above belong to the attribute.
        for (let above = text.lastIndexOf("\n", at - 2) + 1; above > base && /^[ \t]*\/\//.test(text.slice(above, at)); above = text.lastIndexOf("\n", at - 2) + 1) at = above;
        return { file, start: at, end: at, text: lines.map((line) => indent + line + newline).join("") };
      }
      return below(lines, newline);
    },
    insertionOfField(line) {
      const last = block.fields[block.fields.length - 1];
      if (!last) return undefined;
      const at = lineEndBeforeReturn(text, base + last.end);
      return at > base + block.bodyEnd ? undefined : { file, start: at, end: at, text: newline + indentAt(text, lineStartOf(last.start)) + line };
    },
  };

  /** Lines behind everything else in the body, after a blank line. */
  function below(lines: readonly string[], newline: string): TextEdit | undefined {
    const last = block.fields[block.fields.length - 1];
    if (!last) return undefined;
    let at = base + block.bodyEnd;
    const closing = text.lastIndexOf("\n", at - 1);
    if (closing < base + last.end) return undefined;
    at = closing;
    while (/\s/.test(text[at - 1]!)) at--;
    const indent = indentAt(text, lineStartOf(last.start));
    return { file, start: at, end: at, text: newline + lines.map((line) => newline + indent + line).join("") };
  }
}

function enumBlock({ file, text }: ParsedFile, base: number, block: Block): EnumBlock {
  const lines = new Map<string, { start: number; next: number }>();
  const valueNames = new Map<string, string>();
  for (const field of block.fields) {
    const start = text.lastIndexOf("\n", base + field.start - 1) + 1;
    lines.set(columnName(field), { start, next: Math.min(lineEnd(text, base + field.end) + 1, text.length) });
    valueNames.set(columnName(field), field.name);
  }
  const first = [...lines.values()][0];
  return { file, lines, valueNames, indent: first ? indentAt(text, first.start) : "  ", newline: text.startsWith("\r\n", lineEnd(text, base) - 1) ? "\r\n" : "\n" };
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

/** The end of the line, before its carriage return. */
function lineEndBeforeReturn(text: string, from: number): number {
  const end = lineEnd(text, from);
  return text.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end;
}

function indentAt(text: string, lineStart: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart, lineStart + 200))![0];
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
