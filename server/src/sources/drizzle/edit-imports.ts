// The names that a file has from other modules, and the edits that bring in one more: in the import that is already there, where there is one.
import type { ts } from "ts-morph";
import { lineEnd } from "./edit-style";
import type { Quote } from "./edit-style";
import type { Splice } from "./edit-list";
import { editList, startsLine } from "./edit-list";
import { compiler } from "./edit-syntax";

interface ListedName {
  readonly imported: string;
  readonly local: string;
  readonly typeOnly: boolean;
  readonly start: number;
  readonly end: number;
}

/** Names in braces: of an import, or taken from a namespace or require() by destructuring. */
interface NameList {
  readonly module: string;
  readonly open: number;
  readonly close: number;
  readonly typeOnly: boolean;
  /** Between the exported and the local name. */
  readonly alias: " as " | ": ";
  readonly names: readonly ListedName[];
}

export interface Imports {
  readonly file: string;
  readonly text: string;
  readonly lists: readonly NameList[];
  readonly namespaces: readonly { readonly module: string; readonly local: string }[];
  /** Modules in the order of their import lines. */
  readonly modules: readonly string[];
  /** Every local name that an import declares. */
  readonly locals: ReadonlySet<string>;
  /** End of the last import line; undefined where there is none. */
  readonly end: number | undefined;
  readonly quote: Quote | undefined;
  readonly semicolon: boolean;
}

/** The last reading: a report's fixes are asked for one by one, and most of them stand in one file. */
let lastRead: Imports | undefined;

/** Reads the import lines of a file (and destructured namespaces and requires), parsing no more of it than up to the last import. */
export function readImports(file: string, text: string): Imports {
  if (lastRead?.file !== file || lastRead.text !== text) lastRead = importsOf(file, text);
  return lastRead;
}

function importsOf(file: string, text: string): Imports {
  const ts = compiler();
  const last = ts.preProcessFile(text, true, false).importedFiles.reduce((end, imported) => Math.max(end, imported.end), 0);
  const lineBreak = text.indexOf("\n", last);
  const prefix = text.slice(0, last === 0 ? 0 : lineBreak < 0 ? text.length : lineBreak);
  const source = ts.createSourceFile(file, prefix, ts.ScriptTarget.Latest, true);
  const declarations = source.statements.filter((statement): statement is ts.ImportDeclaration => ts.isImportDeclaration(statement));
  const lists: NameList[] = [];
  const namespaces: { module: string; local: string }[] = [];
  const modules: string[] = [];
  const locals = new Set<string>();
  for (const declaration of declarations) {
    if (!ts.isStringLiteral(declaration.moduleSpecifier)) continue;
    const module = declaration.moduleSpecifier.text;
    modules.push(module);
    const clause = declaration.importClause;
    if (!clause) continue;
    if (clause.name) locals.add(clause.name.text);
    const bindings = clause.namedBindings;
    if (!bindings) continue;
    if (ts.isNamespaceImport(bindings)) {
      locals.add(bindings.name.text);
      if (!clause.isTypeOnly) namespaces.push({ module, local: bindings.name.text });
      continue;
    }
    const names = bindings.elements.map((element) => ({
      imported: (element.propertyName ?? element.name).text,
      local: element.name.text,
      typeOnly: element.isTypeOnly || clause.isTypeOnly,
      start: element.getStart(source),
      end: element.getEnd(),
    }));
    for (const name of names) locals.add(name.local);
    lists.push({ module, open: bindings.getStart(source) + 1, close: bindings.getEnd() - 1, typeOnly: clause.isTypeOnly, alias: " as ", names });
  }
  for (const match of text.matchAll(/^[ \t]*(?:export\s+)?(?:const|let|var)\s*\{([^{}]*)\}\s*=\s*(?:require\(\s*["']([^"']+)["']\s*\)|([\w$]+))\s*(?:;|$)/gm)) {
    const module = match[2] ?? namespaces.find((namespace) => namespace.local === match[3])?.module;
    const open = match.index + match[0].indexOf("{") + 1;
    const names = destructured(match[1]!, open);
    if (module && names) lists.push({ module, open, close: open + match[1]!.length, typeOnly: false, alias: ": ", names });
  }
  const final = declarations.at(-1);
  const specifier = declarations[0]?.moduleSpecifier.getText(source);
  return {
    file, text, lists, namespaces, modules, locals,
    end: final?.getEnd(),
    quote: specifier?.startsWith("'") ? "'" : specifier?.startsWith('"') ? '"' : undefined,
    semicolon: final ? final.getText(source).endsWith(";") : /;[ \t]*\r?$/m.test(text),
  };
}

/** One name that the file is to have. */
export interface Need {
  readonly module: string;
  readonly name: string;
  /** The import line has `type` before it. */
  readonly type?: boolean;
  /** Local names that would hide it where it is used. */
  readonly hidden?: ReadonlySet<string>;
  /** The name that it gets when its own is taken. */
  readonly otherwise: string;
}

/** Hands out the expression for each needed name, and in the end the edits of the import lines. */
export interface ImportWriter {
  use(need: Need): string;
  splices(): Splice[];
}

export function importWriter(imports: Imports, quote: Quote): ImportWriter {
  const wanted = new Map<string, Need & { local: string }>();
  return {
    use(need) {
      const hidden = (name: string): boolean => need.hidden?.has(name) ?? false;
      for (const list of imports.lists) {
        if (list.module !== need.module) continue;
        const found = list.names.find((name) => name.imported === need.name && (need.type || !name.typeOnly) && !hidden(name.local));
        if (found) return found.local;
      }
      const namespace = imports.namespaces.find((candidate) => candidate.module === need.module && !hidden(candidate.local));
      if (namespace) return `${namespace.local}.${need.name}`;
      const key = `${need.module} ${need.name}`;
      const before = wanted.get(key);
      if (before && !hidden(before.local)) return before.local;
      const taken = (name: string): boolean => hidden(name) || declares(imports, name) || [...wanted.values()].some((other) => other.local === name);
      let local = need.name;
      for (let number = 1; taken(local); number += 1) local = number === 1 ? need.otherwise : `${need.otherwise}${number}`;
      wanted.set(before ? `${key} ${local}` : key, { ...need, local });
      return local;
    },
    splices() {
      const byModule = new Map<string, (Need & { local: string })[]>();
      for (const need of wanted.values()) byModule.set(need.module, [...(byModule.get(need.module) ?? []), need]);
      return [...byModule].flatMap(([module, needs]) => bringIn(imports, module, needs, quote));
    },
  };
}

/** True where the file has that name for something at its top level. */
export function declares(imports: Imports, name: string): boolean {
  if (imports.locals.has(name)) return true;
  const escaped = name.replace(/\$/g, "\\$&");
  return new RegExp(`^(?:export\\s+)?(?:declare\\s+|abstract\\s+|async\\s+)*(?:const|let|var|function\\*?|class|enum|namespace|type|interface)\\s+${escaped}(?![\\w$])`, "m").test(imports.text)
    || new RegExp(`^(?:export\\s+)?(?:const|let|var)\\s*[{\\[][^}\\]=]*(?<![\\w$.])${escaped}\\s*[,}\\]=]`, "m").test(imports.text);
}

function bringIn(imports: Imports, module: string, needs: readonly (Need & { local: string })[], quote: Quote): Splice[] {
  const { text } = imports;
  const allTypes = needs.every((need) => need.type);
  const list = imports.lists.find((candidate) => candidate.module === module && !candidate.typeOnly)
    ?? (allTypes ? imports.lists.find((candidate) => candidate.module === module) : undefined);
  const spelled = (need: Need & { local: string }, alias: string, typed: boolean): string => `${typed && need.type ? "type " : ""}${need.name}${need.local === need.name ? "" : alias + need.local}`;
  if (list && !(list.alias === ": " && needs.some((need) => need.type))) {
    const items = needs.map((need) => ({ sort: need.name, text: spelled(need, list.alias, !list.typeOnly) }));
    return insertNames(text, list, items);
  }
  const clause = `import ${allTypes ? "type " : ""}{ ${needs.map((need) => spelled(need, " as ", !allTypes)).join(", ")} } from ${imports.quote ?? quote}${module}${imports.quote ?? quote}${imports.semicolon ? ";" : ""}`;
  const eol = lineEnd(text);
  if (imports.end !== undefined) return [{ start: imports.end, end: imports.end, text: eol + clause }];
  const at = /^(?:#![^\n]*\n)?(?:\s*\/\*[^]*?\*\/\s*?\n)?/.exec(text)![0].length;
  return [{ start: at, end: at, text: `${clause}${eol}` }];
}

function insertNames(text: string, list: NameList, items: readonly { sort: string; text: string }[]): Splice[] {
  const place = { open: list.open, close: list.close, elements: list.names };
  const eol = lineEnd(text);
  const style = { eol, unit: "  ", multiline: false, trailingComma: false, padded: true };
  const nothing = { removed: new Set<number>(), replaced: new Map<number, string>() };
  const order = (name: string): string => name.toLowerCase();
  const values = list.names.filter((name) => !name.typeOnly || list.typeOnly);
  const sorted = values.length > 2 && values.every((name, index) => index === 0 || order(values[index - 1]!.imported) <= order(name.imported));
  if (!sorted) return editList(text, place, { ...nothing, added: items.map((item) => item.text) }, style);
  const splices: Splice[] = [];
  const atEnd: string[] = [];
  for (const item of [...items].sort((a, b) => (order(a.sort) < order(b.sort) ? -1 : 1))) {
    const after = values.find((name) => order(name.imported) > order(item.sort));
    if (!after) { atEnd.push(item.text); continue; }
    const between = startsLine(text, after.start) ? eol + text.slice(text.lastIndexOf("\n", after.start) + 1, after.start) : " ";
    splices.push({ start: after.start, end: after.start, text: `${item.text},${between}` });
  }
  if (atEnd.length > 0) {
    const lastValue = values.at(-1)!;
    const next = list.names[list.names.indexOf(lastValue) + 1];
    // Types that stand after the sorted values stay last.
    if (next) splices.push({ start: next.start, end: next.start, text: atEnd.map((item) => `${item},${startsLine(text, next.start) ? eol + text.slice(text.lastIndexOf("\n", next.start) + 1, next.start) : " "}`).join("") });
    else splices.push(...editList(text, place, { ...nothing, added: atEnd }, style));
  }
  return splices;
}

function destructured(inside: string, open: number): ListedName[] | undefined {
  const names: ListedName[] = [];
  let from = 0;
  for (const part of inside.split(",")) {
    const match = /^\s*([\w$]+)(?:\s*:\s*([\w$]+))?\s*$/.exec(part);
    if (match) {
      const start = open + from + part.search(/\S/);
      names.push({ imported: match[1]!, local: match[2] ?? match[1]!, typeOnly: false, start, end: start + part.trim().length });
    } else if (part.trim() !== "") return undefined;
    from += part.length + 1;
  }
  return names;
}

/** Takes names out of their import lists, for those that nothing else in the file mentions once `gone` is deleted. */
export function dropUnused(imports: Imports, names: Iterable<string>, gone: readonly Splice[], kept: ReadonlySet<string>): Splice[] {
  const { text } = imports;
  const splices: Splice[] = [];
  for (const list of imports.lists) {
    const removed = new Set<number>();
    for (const name of names) {
      const index = list.names.findIndex((listed) => listed.local === name);
      if (index < 0 || kept.has(name)) continue;
      const own = list.names[index]!;
      const used = [...text.matchAll(new RegExp(`(?<![\\w$])${name.replace(/\$/g, "\\$&")}(?![\\w$])`, "g"))]
        .some(({ index: at }) => !(at >= own.start && at < own.end) && !gone.some((splice) => at >= splice.start && at < splice.end && !splice.text.includes(name)));
      if (!used) removed.add(index);
    }
    if (removed.size === 0 || removed.size === list.names.length) continue;
    splices.push(...editList(text, { open: list.open, close: list.close, elements: list.names }, { removed, replaced: new Map(), added: [] }, { eol: lineEnd(text), unit: "  ", multiline: false, trailingComma: false, padded: true }));
  }
  return splices;
}
