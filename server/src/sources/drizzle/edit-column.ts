// One column's declaration: its column function, NOT NULL, default and key, as edits of its chain; and a new column's whole declaration.
import type { ts } from "ts-morph";
import type { Change } from "../../model/change";
import type { Column, ColumnType, Table } from "../../model/schema";
import { columnFunctionFor, heldBy, typeOptions, type ColumnFunction, type Held } from "./edit-column-type";
import { defaultCall, defaultCalls } from "./edit-default";
import { enumExpression } from "./edit-enum";
import type { FileEdit } from "./edit-file";
import { columnProperty } from "./edit-foreign-key";
import type { Words } from "./edit-index";
import { chainCall, sqlTemplate } from "./edit-index";
import type { Splice } from "./edit-list";
import { indentAt, startsLine } from "./edit-list";
import { isIdentifier, quoted } from "./edit-style";
import type { TableSyntax } from "./edit-syntax";
import { calledName, calls, compiler, rangeOf } from "./edit-syntax";

/** Changes of a column that stays. */
export type ColumnChange = Extract<Change, { kind: "alter-column-type" | "alter-column-nullability" | "alter-column-default" }> | { readonly kind: "key"; readonly column: string; readonly key: boolean } | { readonly kind: "name"; readonly column: string; readonly to: string };

/** How column functions are called where the column stands. */
export interface Caller {
  /** `integer`, or `t.integer`. */
  call(name: string): string;
}

/** Edits of one column's chain for all its `changes`; undefined where its declaration is not a plain chain in this statement. */
export function editColumn(column: Column, table: Table, changes: readonly ColumnChange[], syntax: TableSyntax, file: FileEdit, words: Words): Splice[] | undefined {
  const property = columnProperty(column.at, syntax);
  const chain = property ? calls(property.initializer) : [];
  const root = chain.at(-1);
  if (!property || !root || ((column.generated === "stored" || column.generated === "virtual") && changes.some(({ kind }) => kind !== "name"))) return undefined;
  const type = changes.find((change) => change.kind === "alter-column-type");
  const renamed = changes.find((change) => change.kind === "name")?.to;
  const written = type && newType(type.to, root, renamed, table, syntax, file);
  if (type && !written) return undefined;
  const splices: Splice[] = [];
  if (renamed !== undefined && !written) {
    const splice = newName(column, renamed, root, syntax, file);
    if (!splice) return undefined;
    splices.push(splice);
  }
  const added: string[] = [];
  if (written) {
    splices.push({ ...rangeOf(root, syntax), text: written.text });
    const arrays = chain.filter((call) => calledName(call) === "array");
    if (arrays.length > 1 || written.dimensions > 1 || arrays.some((call) => call.arguments.length > 0)) return undefined;
    const [array] = arrays;
    if (array && written.dimensions === 0) splices.push(chainCall(array, syntax));
    if (!array && written.dimensions === 1) splices.push({ start: rangeOf(root, syntax).end, end: rangeOf(root, syntax).end, text: ".array()" });
    if (!fitsChain(chain, written.builder)) return undefined;
  }
  const key = changes.find((change) => change.kind === "key");
  if (key) {
    const call = chain.find((one) => calledName(one) === "primaryKey");
    if (!!call === key.key) return undefined;
    if (call) splices.push(chainCall(call, syntax));
    else added.push(".primaryKey()");
  }
  const nullability = changes.find((change) => change.kind === "alter-column-nullability");
  if (nullability) {
    const call = chain.find((one) => calledName(one) === "notNull");
    if (nullability.nullable && !call) return undefined;
    if (nullability.nullable && call) splices.push(chainCall(call, syntax));
    else if (!call) added.push(".notNull()");
  }
  const given = changes.find((change) => change.kind === "alter-column-default");
  const call = chain.find((one) => defaultCalls.has(calledName(one) ?? ""));
  const held = written ? written.held : heldIn(chain, column);
  if (given || (call && written && (written.held !== heldIn(chain, column) || calledName(call) !== "default"))) {
    const wanted = given ? given.to : column.default;
    const values = (written ? type!.to : column.type).values ?? enumValues(written ? type!.to : column.type, file);
    const text = wanted && defaultCall(wanted, written ? written.builder : calledName(root), held, values, words);
    if (wanted && text === undefined) return undefined;
    if (!call && text !== undefined) added.push(text);
    if (call && text === undefined) splices.push(chainCall(call, syntax));
    if (call && text !== undefined) splices.push({ start: dotOf(call, syntax), end: rangeOf(call, syntax).end, text });
  }
  // NOT NULL stands before the default, both before what follows them.
  const early: readonly string[] = added.filter((text) => text === ".notNull()" || text === ".primaryKey()");
  const late = added.filter((text) => !early.includes(text));
  if (early.length > 0) splices.push(appended(early, [...trailing, ...defaultCalls], chain, root, syntax, file));
  if (late.length > 0) splices.push(appended(late, trailing, chain, root, syntax, file));
  return splices;
}

interface WrittenType {
  readonly text: string;
  readonly builder: string | undefined;
  readonly held: Held;
  readonly dimensions: number;
}

/** The name in the call; a project's own function that takes the column's name passes it on. */
function newName(column: Column, to: string, root: ts.CallExpression, syntax: TableSyntax, file: FileEdit): Splice | undefined {
  const [first] = root.arguments;
  if (first && isText(first)) return first.text === column.name ? { ...rangeOf(first, syntax), text: quoted(to, file.quote) } : undefined;
  if (!callerOf(root, syntax, file)) return undefined;
  const at = first ? rangeOf(first, syntax).start : rangeOf(root, syntax).end - 1;
  return { start: at, end: at, text: quoted(to, file.quote) + (first ? ", " : "") };
}

function isText(node: ts.Expression): node is ts.StringLiteral | ts.NoSubstitutionTemplateLiteral {
  const ts = compiler();
  return ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
}

/** The call that declares `type`, in place of `root`, under the column's name or a new one. */
function newType(type: ColumnType, root: ts.CallExpression, renamed: string | undefined, table: Table, syntax: TableSyntax, file: FileEdit): WrittenType | undefined {
  const ts = compiler();
  const caller = file.core === "pg" ? callerOf(root, syntax, file) : undefined;
  const [first, second] = root.arguments;
  const given = first && isText(first) ? first.getText(syntax.source) : undefined;
  const config = given === undefined ? first : second;
  const name = renamed === undefined ? given : quoted(renamed, file.quote);
  if (!caller || root.arguments.length > (given === undefined ? 1 : 2) || (config && !ts.isObjectLiteralExpression(config))) return undefined;
  if (type.enum) {
    const callee = enumExpression(type.enum, syntax.statement.start, file);
    return callee === undefined ? undefined : { text: `${callee}(${name ?? ""})`, builder: undefined, held: "string", dimensions: type.name.split("[]").length - 1 };
  }
  const wanted = columnFunctionFor(type.name, table.ormVersion ?? 0);
  if (!wanted) return undefined;
  const same = calledName(root) === wanted.name;
  const kept = new Map<string, string>();
  for (const property of config?.properties ?? []) {
    if (!property.name || !("text" in property.name)) return undefined;
    const option = property.name.text;
    const stays = same ? !typeOptions.has(option) || option in wanted.options : option === "enum" && ["text", "varchar"].includes(wanted.name);
    if (stays) kept.set(option, property.getText(syntax.source));
  }
  for (const [option, value] of Object.entries(wanted.options)) if (!(option === "mode" && kept.has("mode"))) kept.set(option, optionText(option, value, file));
  const options = kept.size === 0 ? [] : [`{ ${[...kept.values()].join(", ")} }`];
  // A column that is seen in another way than its function's own holds what its mode says, which only SQL fits for sure.
  const held = kept.has("mode") && !/^mode: ["']number["']$/.test(kept.get("mode")!) ? "other" : wanted.holds;
  return { text: `${caller.call(wanted.name)}(${[...(name === undefined ? [] : [name]), ...options].join(", ")})`, builder: wanted.name, held: kept.has("mode") && held !== "other" ? "number" : held, dimensions: wanted.dimensions };
}

/** The declaration of a new column, without its property; undefined where its type has no column function. `key`: it is the primary key. */
export function columnCode(column: Column, name: string | undefined, table: Table, caller: Caller, before: number, file: FileEdit, words: Words, key = false): string | undefined {
  if (file.core !== "pg") return undefined;
  const argument = name === undefined ? [] : [quoted(name, file.quote)];
  const notNull = key ? ".primaryKey()" : column.nullable ? "" : ".notNull()";
  if (column.generated === "serial") {
    const serial = { integer: "serial", smallint: "smallserial", bigint: "bigserial" }[column.type.name];
    return serial && `${caller.call(serial)}(${[...argument, ...(serial === "bigserial" ? [`{ mode: ${quoted("number", file.quote)} }`] : [])].join(", ")})${key ? ".primaryKey()" : ""}`;
  }
  let wanted: Pick<ColumnFunction, "dimensions" | "holds"> & { readonly name?: string };
  let code: string;
  if (column.type.enum) {
    const callee = enumExpression(column.type.enum, before, file);
    if (callee === undefined) return undefined;
    const dimensions = column.type.name.split("[]").length - 1;
    wanted = { dimensions, holds: dimensions > 0 ? "list" : "string" };
    code = `${callee}(${argument.join("")})`;
  } else {
    const found = columnFunctionFor(column.type.name, table.ormVersion ?? 0);
    if (!found) return undefined;
    wanted = found;
    const options = Object.entries(found.options).map(([option, value]) => optionText(option, value, file));
    code = `${caller.call(found.name)}(${[...argument, ...(options.length > 0 ? [`{ ${options.join(", ")} }`] : [])].join(", ")})`;
  }
  if (wanted.dimensions > 1) return undefined;
  code += ".array()".repeat(wanted.dimensions);
  if (column.generated === "identity") return `${code}${key ? ".primaryKey()" : ""}.${column.identity === "always" ? "generatedAlwaysAsIdentity" : "generatedByDefaultAsIdentity"}(${identityOptions(column)})`;
  if (column.generated === "stored" || column.generated === "virtual") {
    const expression = column.generated === "stored" && column.default && sqlTemplate({ ...column.default, columns: [] }, words);
    return expression ? `${code}${notNull}.generatedAlwaysAs(${expression})` : undefined;
  }
  if (!column.default) return code + notNull;
  const given = defaultCall(column.default, wanted.name, wanted.holds, enumValues(column.type, file), words);
  return given === undefined ? undefined : `${code}${notNull}${given}`;
}

/** Numbers as they are, unless JavaScript would round them. */
function identityOptions({ sequenceOptions }: Column): string {
  if (typeof sequenceOptions !== "object") return "";
  const texts = Object.entries(sequenceOptions).map(([name, value]) => `${name}: ${typeof value === "boolean" || Number.isSafeInteger(Number(value)) ? value : `"${value}"`}`);
  return `{ ${texts.join(", ")} }`;
}

function optionText(option: string, value: string | number | boolean, file: FileEdit): string {
  return `${option}: ${typeof value === "string" ? quoted(value, file.quote) : value}`;
}

function enumValues(type: ColumnType, file: FileEdit): readonly string[] | undefined {
  return type.enum && file.model.enums.find(({ name }) => name.name === type.enum!.name && name.schema === type.enum!.schema)?.values;
}

/** How the root's own column function is called; undefined where a function of the project's own makes the column. */
export function callerOf(root: ts.CallExpression, syntax: TableSyntax, file: FileEdit): Caller | undefined {
  const ts = compiler();
  const callee = root.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    const object = callee.expression.getText(syntax.source);
    return heldBy(callee.name.text) && isIdentifier(object) ? { call: (name) => `${object}.${name}` } : undefined;
  }
  if (!ts.isIdentifier(callee)) return undefined;
  const own = file.imports.lists.some((list) => list.module === file.module && list.names.some((name) => name.local === callee.text && heldBy(name.imported)));
  const isEnum = file.model.enums.some(({ property }) => property === callee.text);
  return own || isEnum ? importingCaller(file) : undefined;
}

/** Column functions by their own names, imported where they are not yet. */
export function importingCaller(file: FileEdit): Caller {
  return { call: (name) => file.writer.use({ module: file.module, name, otherwise: file.core + name.charAt(0).toUpperCase() + name.slice(1) }) };
}

/** What a row holds of the column as it is declared. */
function heldIn(chain: readonly ts.CallExpression[], column: Column): Held {
  const root = chain.at(-1)!;
  if (column.type.name.endsWith("[]")) return "list";
  if (column.type.enum) return "string";
  const mode = /\bmode:\s*["'](\w+)["']/.exec(root.arguments.map((argument) => argument.getText()).join())?.[1];
  if (chain.some((call) => calledName(call) === "$type")) return "other";
  if (mode === "number") return "number";
  return mode === undefined ? (heldBy(calledName(root) ?? "") ?? "other") : "other";
}

/** Calls that only some column functions have keep the chain from another type. */
function fitsChain(chain: readonly ts.CallExpression[], builder: string | undefined): boolean {
  const counts = chain.some((call) => /^generated(Always|ByDefault)AsIdentity$/.test(calledName(call) ?? ""));
  return !counts || ["integer", "bigint", "smallint"].includes(builder ?? "");
}

const trailing = ["references", "unique", "$onUpdate", "$onUpdateFn", "$default", "$defaultFn"];

/** New calls stand behind the type and what belongs to it, before the first of the calls named in `stops`. */
function appended(added: readonly string[], stops: readonly string[], chain: readonly ts.CallExpression[], root: ts.CallExpression, syntax: TableSyntax, file: FileEdit): Splice {
  const ts = compiler();
  const inward = [...chain].reverse();
  const stop = inward.findIndex((call) => stops.includes(calledName(call) ?? ""));
  const after = inward[(stop < 0 ? inward.length : stop) - 1] ?? root;
  const outer = chain.find((call) => ts.isPropertyAccessExpression(call.expression) && call !== root);
  const dot = outer && dotOf(outer, syntax);
  const lead = dot !== undefined && startsLine(syntax.text, dot) ? file.eol + indentAt(syntax.text, dot) : "";
  const at = rangeOf(after, syntax).end;
  return { start: at, end: at, text: added.map((call) => lead + call).join("") };
}

/** Where the dot of `.name(…)` stands. */
function dotOf(call: ts.CallExpression, syntax: TableSyntax): number {
  const ts = compiler();
  const name = ts.isPropertyAccessExpression(call.expression) ? rangeOf(call.expression.name, syntax).start : rangeOf(call, syntax).start;
  return syntax.text.lastIndexOf(".", name);
}
