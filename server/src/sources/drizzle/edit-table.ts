// All changes of one table, as splices of its statement. What goes and what comes in its third argument is worked out together,
// so that an index that replaces another stands in its place and no two edits meet.
import type { ts } from "ts-morph";
import type { Change } from "../../model/change";
import type { Index, Table } from "../../model/schema";
import { editColumns } from "./edit-columns";
import type { FileEdit, KeyHabit } from "./edit-file";
import { isDrizzleMaker, keyHabit, shortKey, takesExtraConfig } from "./edit-file";
import { addReferences, dropColumnCall, fitsColumn, foreignKeyCall } from "./edit-foreign-key";
import type { Words } from "./edit-index";
import { alterCall, indexCall, renameCall, sqlTemplate } from "./edit-index";
import type { ListStyle, Splice } from "./edit-list";
import { commaAfter, editList, indentAt, startsLine } from "./edit-list";
import { camelCase, indentUnit, isIdentifier, quoted } from "./edit-style";
import type { TableSyntax } from "./edit-syntax";
import { calledName, calls, compiler, elementAt, parsePiece, rangeOf, tableSyntax, unwrap } from "./edit-syntax";

/** Something new in the third argument: the name that an object's key comes from, and the element's code. */
interface Addition {
  readonly name: string;
  readonly code: string;
  /** Of an index: it takes the place of one that goes whose columns it begins with. */
  readonly columns?: readonly string[];
}

/** The splices for `changes`, all of this table; undefined where one of them cannot be made safely. */
export function editTable(table: Table, changes: readonly Change[], file: FileEdit): Splice[] | undefined {
  const syntax = tableSyntax(table, file.text);
  if (!syntax) return undefined;
  const place = wordsAt(table, syntax, file);
  if (!place) return undefined;
  const columns = editColumns(table, changes, syntax, file, place.words);
  if (!columns) return undefined;
  const splices: Splice[] = [...columns.splices];
  const removed = new Map<number, readonly string[]>();
  const added: Addition[] = [];
  for (const change of columns.rest) {
    const result = one(change, table, syntax, file, place);
    if (!result) return undefined;
    splices.push(...(result.splices ?? []));
    if (result.removed !== undefined) {
      if (removed.has(result.removed)) return undefined;
      removed.set(result.removed, change.kind === "drop-index" ? columnsOf(change.index) : []);
    }
    if (result.added) added.push(result.added);
  }
  if (removed.size + added.length > 0) {
    const listed = editExtra(table, syntax, removed, added, file, place);
    if (!listed) return undefined;
    // A rename inside an element that goes is not lost silently: the two contradict each other.
    const gone = [...removed.keys()].map((index) => syntax.extra!.list.elements[index]!);
    if (splices.some((splice) => gone.some((element) => splice.start < element.end && splice.end > element.start))) return undefined;
    splices.push(...listed);
  }
  splices.push(...place.bindings());
  return stillParses(splices, syntax) ? splices : undefined;
}

interface Result {
  readonly splices?: readonly Splice[];
  readonly removed?: number;
  readonly added?: Addition;
}

function one(change: Change, table: Table, syntax: TableSyntax, file: FileEdit, place: Place): Result | undefined {
  const { extra } = syntax;
  switch (change.kind) {
    case "add-index": {
      const code = indexCall(change.index, place.words);
      return code === undefined ? undefined : { added: { name: change.index.name ?? keyName(change.index), code, columns: columnsOf(change.index) } };
    }
    case "drop-index": {
      const element = indexElement(change.index, table, syntax);
      return element && { removed: element.index };
    }
    case "rename-index": {
      const element = indexElement(change.index, table, syntax);
      const splices = element && renameCall(element.value, change.to, syntax);
      return splices && { splices: [...splices, ...renameKey(change.index, change.to, element.index, table, syntax, file)] };
    }
    case "alter-index": {
      const element = indexElement(change.from, table, syntax);
      if (!element) return undefined;
      const altered = alterCall(element.value, change.from, change.to, place.words, syntax);
      if (altered) return { splices: altered };
      const code = indexCall({ ...change.to, name: change.to.name ?? change.from.name }, place.words);
      return code === undefined ? undefined : { splices: [{ ...rangeOf(element.value, syntax), text: code }] };
    }
    case "add-unique": {
      const keys = change.unique.columns.map((column) => place.words.column(column));
      if (keys.length === 0 || keys.includes(undefined) || (change.unique.nullsNotDistinct && file.core !== "pg")) return undefined;
      const name = change.unique.name === undefined ? "" : quoted(change.unique.name, file.quote);
      return { added: { name: change.unique.name ?? `${change.unique.columns.join("_")}_unique`, code: `${place.words.builder("unique")}(${name}).on(${keys.join(", ")})${change.unique.nullsNotDistinct ? ".nullsNotDistinct()" : ""}` } };
    }
    case "drop-unique": {
      const element = elementAt(extra, change.unique.at, syntax);
      if (element) return calledName(calls(element.value).at(-1)!) === "unique" ? { removed: element.index } : undefined;
      const splices = change.unique.at?.file === file.path ? dropColumnCall("unique", change.unique.at, syntax) : undefined;
      return splices && { splices };
    }
    case "add-foreign-key": {
      const { foreignKey } = change;
      if (fitsColumn(foreignKey)) {
        const splices = addReferences(foreignKey, table, syntax, file);
        return splices && { splices };
      }
      const code = foreignKeyCall(foreignKey, table, syntax.text, file, place.words, place.hidden);
      return code === undefined ? undefined : { added: { name: foreignKey.name ?? `${foreignKey.columns.join("_")}_fk`, code } };
    }
    case "drop-foreign-key": {
      const element = elementAt(extra, change.foreignKey.at, syntax) ?? containing(change.foreignKey.at, syntax);
      if (element) return { removed: element.index };
      const splices = change.foreignKey.at?.file === file.path ? dropColumnCall("references", change.foreignKey.at, syntax) : undefined;
      return splices && { splices };
    }
    case "add-check": {
      const expression = sqlTemplate(change.check.expression, place.words);
      const { name } = change.check;
      return expression === undefined || name === undefined ? undefined : { added: { name, code: `${place.words.builder("check")}(${quoted(name, file.quote)}, ${expression})` } };
    }
    case "add-primary-key": {
      const keys = change.primaryKey.columns.map((column) => place.words.column(column));
      return keys.length === 0 || keys.includes(undefined) ? undefined : { added: { name: `${table.name.name}_pk`, code: `${place.words.builder("primaryKey")}({ columns: [${keys.join(", ")}] })` } };
    }
    case "drop-primary-key": case "drop-check": {
      const element = elementAt(extra, (change.kind === "drop-check" ? change.check : change.primaryKey).at, syntax);
      return element && { removed: element.index };
    }
    case "rename-table": {
      const given = syntax.call.arguments[0];
      // A name that is made up of parts, or by the table's maker, is not said here.
      const literal = given && compiler().isStringLiteralLike(given) && given.text === change.from.name && given.text === table.name.name ? given : undefined;
      return literal && (change.from.schema ?? "public") === (change.to.schema ?? "public") ? { splices: [{ ...rangeOf(literal, syntax), text: quoted(change.to.name, file.quote) }] } : undefined;
    }
    case "add-table": case "drop-table": case "add-column": case "drop-column": case "rename-column":
    case "alter-column-type": case "alter-column-nullability": case "alter-column-default": case "alter-column-generation": case "add-enum": case "drop-enum": case "alter-enum": case "rename-enum-value": case "enable-row-security": case "disable-row-security": case "add-policy": case "drop-policy": case "alter-policy": case "rename-policy": case "add-sequence": case "drop-sequence": case "alter-sequence": case "rename-enum": case "rename-sequence": case "rename-schema": case "add-schema": case "drop-schema": case "add-role": case "drop-role": case "alter-role": case "rename-role": case "add-view": case "drop-view": case "rename-view": case "alter-view": case "rebuild-index": case "analyze-table": case "validate-constraint": case "rename-constraint":
      return undefined;
  }
}

/** `foreignKey({…})` stands inside its element where `.onDelete()` follows it. */
function containing(at: { readonly file: string; readonly start: number; readonly end: number } | undefined, syntax: TableSyntax): { index: number } | undefined {
  if (!at || at.file !== syntax.file || !syntax.extra) return undefined;
  const index = syntax.extra.values.findIndex((value) => value !== undefined && calls(value).some((call) => {
    const range = rangeOf(call, syntax);
    return range.start === at.start && range.end === at.end;
  }));
  return index < 0 ? undefined : { index };
}

/** The element of an index; undefined where two indexes claim one place, or it is made elsewhere. */
function indexElement(index: Index, table: Table, syntax: TableSyntax): { index: number; value: ts.Expression } | undefined {
  const element = elementAt(syntax.extra, index.at, syntax);
  if (!element || table.indexes.filter((other) => other.at && other.at.file === index.at!.file && other.at.start === index.at!.start).length > 1) return undefined;
  const ts = compiler();
  const root = calls(element.value).at(-1);
  if (!root) return undefined;
  const argument = root.arguments[0];
  // An index whose name the call does not say is not this one, or comes from a helper.
  if (index.name !== undefined && argument && ts.isStringLiteral(argument) && argument.text !== index.name) return undefined;
  return element;
}

function renameKey(index: Index, to: string, at: number, table: Table, syntax: TableSyntax, file: FileEdit): Splice[] {
  const key = syntax.extra?.keys[at];
  if (!key || !("text" in key) || index.name === undefined) return [];
  for (const habit of ["same", "camel", "short"] as const) {
    if (keyFor(index.name, habit, table) === key.text) return [{ ...rangeOf(key, syntax), text: keyText(keyFor(to, habit, table), file) }];
  }
  return [];
}

interface Place {
  readonly words: Words;
  /** Names that hide those of the file where the elements stand. */
  readonly hidden: ReadonlySet<string>;
  /** The parameter, where there is no third argument yet. */
  readonly parameter: string;
  /** What the parameter list needs for the columns that were reached. */
  bindings(): Splice[];
}

function wordsAt(table: Table, syntax: TableSyntax, file: FileEdit): Place | undefined {
  const ts = compiler();
  const extra = syntax.extra;
  const binding = extra?.parameter;
  const hidden = new Set(extra?.locals);
  let fresh: string | undefined;
  const parameter = (): string => {
    if (fresh !== undefined) return fresh;
    const taken = (name: string): boolean => ["index", "uniqueIndex", "unique", "sql", "foreignKey"].includes(name) || (hidden.has(name) && name !== fresh);
    fresh = [extra ? "table" : file.habits().parameter, file.habits().parameter, "table", "t", "self"].find((name) => !taken(name)) ?? "ownTable";
    if (extra && !taken(file.habits().parameter)) fresh = file.habits().parameter;
    hidden.add(fresh);
    return fresh;
  };
  const opened = new Map<string, string>();
  const reach = (property: string): string | undefined => {
    const dotted = (name: string): string => (isIdentifier(property) ? `${name}.${property}` : `${name}[${quoted(property, file.quote)}]`);
    if (!binding) return dotted(parameter());
    if (ts.isIdentifier(binding)) return dotted(binding.text);
    if (!ts.isObjectBindingPattern(binding)) return undefined;
    for (const element of binding.elements) {
      if (element.dotDotDotToken) return ts.isIdentifier(element.name) ? dotted(element.name.text) : undefined;
      const name = element.propertyName ?? element.name;
      if ("text" in name && name.text === property) return ts.isIdentifier(element.name) && !element.initializer ? element.name.text : undefined;
    }
    const before = opened.get(property);
    if (before !== undefined) return before;
    const own = camelCase(property);
    let local = isIdentifier(property) ? property : own;
    const names = new Set([...hidden, ...opened.values(), ...file.imports.locals, "index", "uniqueIndex", "sql", "unique", "foreignKey"]);
    for (let number = 1; names.has(local) || !isIdentifier(local); number += 1) local = `${own}Column${number === 1 ? "" : number}`;
    opened.set(property, local);
    return local;
  };
  const words: Words = {
    core: file.core,
    quote: file.quote,
    column(name) {
      const property = table.columns.find((column) => column.name === name)?.property;
      return property === undefined ? undefined : reach(property);
    },
    builder(name) {
      if (!binding) parameter();
      return present(name, syntax, file) ?? file.writer.use({ module: file.module, name, hidden, otherwise: file.core + name.charAt(0).toUpperCase() + name.slice(1) });
    },
    sql: () => file.writer.use({ module: "drizzle-orm", name: "sql", hidden, otherwise: "drizzleSql" }),
  };
  return {
    words,
    hidden,
    get parameter() { return parameter(); },
    bindings() {
      if (!extra) return [];
      if (!binding) return fresh === undefined ? [] : [{ start: extra.parameterAt, end: extra.parameterAt, text: fresh }];
      if (opened.size === 0 || !ts.isObjectBindingPattern(binding)) return [];
      const range = rangeOf(binding, syntax);
      const elements = binding.elements.map((element) => rangeOf(element, syntax));
      const names = [...opened].map(([property, local]) => (property === local ? property : `${isIdentifier(property) ? property : quoted(property, file.quote)}: ${local}`));
      return editList(syntax.text, { open: range.start + 1, close: range.end - 1, elements }, { removed: new Set(), replaced: new Map(), added: names }, { eol: file.eol, unit: "  ", multiline: false, trailingComma: false, padded: true });
    },
  };
}

/** The builder as the table's own elements call it, where its import is found under a path of the project's own. */
function present(name: string, syntax: TableSyntax, file: FileEdit): string | undefined {
  const ts = compiler();
  for (const value of syntax.extra?.values ?? []) {
    const callee = value && calls(value).at(-1)?.expression;
    if (!callee || !ts.isIdentifier(callee)) continue;
    const listed = file.imports.lists.flatMap((list) => list.names).find((candidate) => candidate.local === callee.text);
    if (listed?.imported === name) return callee.text;
  }
  return undefined;
}

function editExtra(table: Table, syntax: TableSyntax, removed: ReadonlyMap<number, readonly string[]>, added: readonly Addition[], file: FileEdit, place: Place): Splice[] | undefined {
  const { extra } = syntax;
  const unit = indentUnit(syntax);
  if (!extra) return removed.size === 0 && takesExtraConfig(syntax, file) ? insertExtra(table, syntax, added, unit, file, place.parameter) : undefined;
  const evident = [...table.indexes, ...table.uniques, ...table.foreignKeys, ...table.checks].some(({ at }) => at && at.file === file.path && at.start >= extra.list.open && at.end <= extra.list.close);
  if (added.length > 0 && !evident && !takesExtraConfig(syntax, file)) return undefined;
  const habit = extra.kind === "object" ? (keyHabit(extra, table, syntax) ?? file.habits().key) : "camel";
  const taken = new Set(extra.keys.flatMap((key, index) => (key && "text" in key && !removed.has(index) ? [key.text] : [])));
  const elements = added.map((addition) => (extra.kind === "array" ? addition.code : `${property(addition.name, habit, table, taken, file)}: ${addition.code}`));
  const replaced = new Map<number, string>();
  const rest = elements.filter((element, position) => {
    const columns = added[position]!.columns;
    const place = columns && [...removed].find(([index, gone]) => !replaced.has(index) && gone.length > 0 && gone.every((column, at) => columns[at] === column));
    if (place) replaced.set(place[0], element);
    return !place;
  });
  const statement = syntax.text.slice(rangeOf(syntax.call, syntax).start, rangeOf(syntax.call, syntax).end);
  const style: ListStyle = {
    eol: file.eol, unit,
    multiline: statement.includes("\n") || elements.length > 1 || statement.length + elements.join().length > 100,
    trailingComma: trailingComma(syntax),
    padded: extra.kind === "object",
    wraps: true,
  };
  const splices = editList(syntax.text, extra.list, {
    replaced,
    removed: new Set([...removed.keys()].filter((index) => !replaced.has(index))),
    added: rest,
  }, style);
  return removed.size > 0 && added.length === 0 && isDrizzleMaker(syntax, file) ? withoutExtra(splices, syntax) : splices;
}

/** A function that is left with an empty list goes whole: compilers object to a parameter that nothing uses. */
function withoutExtra(splices: Splice[], syntax: TableSyntax): Splice[] {
  const [columns, third] = [rangeOf(syntax.columns, syntax), rangeOf(syntax.call.arguments[2]!, syntax)];
  const says = /^(\([^()]*\)|[\w$]+)=>(\[\]|\(\{\}\)|\{return(\[\]|\(?\{\}\)?);?\})$|^function[\w$]*\([^()]*\)\{return(\[\]|\(?\{\}\)?);?\}$/;
  const left = spliced(syntax.text, third, splices);
  const isEmpty = !/\/[/*]/.test(left) && says.test(left.replaceAll(/\s+/g, ""));
  return isEmpty && /^\s*,\s*$/.test(syntax.text.slice(columns.end, third.start)) ? [{ start: columns.end, end: third.end, text: "" }] : splices;
}

function insertExtra(table: Table, syntax: TableSyntax, added: readonly Addition[], unit: string, file: FileEdit, parameter: string): Splice[] | undefined {
  const { text, eol } = file;
  const { kind, key } = file.habits();
  const columns = rangeOf(syntax.columns, syntax);
  const call = rangeOf(syntax.call, syntax);
  const taken = new Set<string>();
  const elements = added.map((addition) => (kind === "array" ? addition.code : `${property(addition.name, key, table, taken, file)}: ${addition.code}`));
  const ownLine = startsLine(text, columns.start);
  const indent = ownLine ? indentAt(text, columns.start) : indentAt(text, columns.end);
  const [open, close] = kind === "array" ? ["[", "]"] : ["({", "})"];
  const pad = kind === "array" ? "" : " ";
  const oneLine = !text.slice(call.start, call.end).includes("\n") && elements.length === 1 && call.end - call.start + elements[0]!.length < 100;
  const body = oneLine ? `${open}${pad}${elements[0]!}${pad}${close}`
    : `${open}${eol}${elements.map((element) => indent + unit + element).join(`,${eol}`)}${trailingComma(syntax) ? "," : ""}${eol}${indent}${close}`;
  const callback = `(${parameter}) => ${body}`;
  const comma = commaAfter(text, columns.end, call.end);
  if (ownLine && comma !== undefined) return [{ start: comma, end: comma, text: `${eol}${indent}${callback},` }];
  return [{ start: columns.end, end: columns.end, text: `${ownLine ? `,${eol}${indent}` : ", "}${callback}` }];
}

/** Whether the table's own columns end in a comma, where they stand on lines of their own; the common style otherwise. */
function trailingComma(syntax: TableSyntax): boolean {
  const ts = compiler();
  const columns = unwrap(syntax.columns);
  if (!columns || !ts.isObjectLiteralExpression(columns) || columns.properties.length === 0 || !columns.getText(syntax.source).includes("\n")) return true;
  return columns.properties.hasTrailingComma === true;
}

/** The key of a new property, as the code spells it: after the index's or constraint's `name`, unlike those that are `taken`. */
export function property(name: string, habit: KeyHabit, table: Table, taken: Set<string>, file: FileEdit): string {
  const wanted = keyFor(name, habit, table);
  let key = wanted;
  for (let number = 2; taken.has(key); number += 1) key = `${wanted}${number}`;
  taken.add(key);
  return keyText(key, file);
}

function keyFor(name: string, habit: KeyHabit, table: Table): string {
  switch (habit) {
    case "same": return name;
    case "camel": return camelCase(name);
    case "short": return shortKey(name, table);
  }
}

function keyText(key: string, file: FileEdit): string {
  return isIdentifier(key) ? key : quoted(key, file.quote);
}

function columnsOf(index: Index): string[] {
  return index.keys.map((key) => key.column ?? "");
}

function keyName(index: Index): string {
  return `${index.keys.map((key) => key.column ?? "expression").join("_")}_idx`;
}

function stillParses(splices: readonly Splice[], syntax: TableSyntax): boolean {
  return parsePiece(syntax.file, spliced(syntax.text, syntax.statement, splices)) !== undefined;
}

/** The range of the text, with the splices made. */
function spliced(text: string, { start, end }: { readonly start: number; readonly end: number }, splices: readonly Splice[]): string {
  const inside = splices.map((splice, index) => ({ ...splice, index })).sort((a, b) => b.start - a.start || b.end - a.end || b.index - a.index);
  return inside.reduce((made, splice) => made.slice(0, splice.start - start) + splice.text + made.slice(splice.end - start), text.slice(start, end));
}
