// Where a project's own configuration says that its schema lies: prisma.config.* and package.json. A config is read as text,
// not run and not parsed as TypeScript, so that a Prisma project never loads the compiler: a literal path is found, also through
// path.join or a constant; a path that is computed otherwise is not, and that is reported.
import { parentOf } from "./facts";

export type ConfiguredSchema =
  /** Absolute path of a file or folder. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "none" }
  /** `schema` is there but could not be read; where, in offsets of the config. */
  | { readonly kind: "unreadable"; readonly start: number; readonly end: number };

export const configGlob = "**/{prisma.config,.config/prisma}.{ts,mts,cts,js,mjs,cjs}";

/** `schema` of a prisma.config file with the absolute path `file`. */
export function schemaOfConfig(file: string, text: string): ConfiguredSchema {
  const code = withoutComments(text);
  const start = objectStart(code);
  const value = start === undefined ? undefined : property(code, start, "schema");
  if (!value) return { kind: "none" };
  const path = evaluate(code.slice(value.start, value.end).trim(), code, 0);
  return path === undefined ? { kind: "unreadable", ...value } : { kind: "path", path: resolvePath(parentOf(file), path) };
}

/** `migrations.path` of a prisma.config file, as an absolute path; undefined where it names none that can be read. */
export function migrationsOfConfig(file: string, text: string): string | undefined {
  const written = configProperty(text, ["migrations", "path"]);
  const path = written === undefined ? undefined : evaluate(written, withoutComments(text), 0);
  return path === undefined ? undefined : resolvePath(parentOf(file), path);
}

/** The expression that stands at a path of properties of the exported object, as it is written; undefined where there is none. */
export function configProperty(text: string, path: readonly string[]): string | undefined {
  const code = withoutComments(text);
  let start = objectStart(code);
  let value: string | undefined;
  for (const [depth, name] of path.entries()) {
    const found = start === undefined ? undefined : property(code, start, name);
    if (!found) return undefined;
    value = code.slice(found.start, found.end).trim();
    const brace = code.indexOf("{", found.start);
    if (depth + 1 < path.length && (brace < 0 || code.slice(found.start, brace).trim() !== "")) return undefined;
    start = brace + 1;
  }
  return value;
}

/** `prisma.schema` of a package.json with the absolute path `file`; undefined where it names none. */
export function schemaOfPackage(file: string, text: string): string | undefined {
  if (!text.includes('"prisma"') || !text.includes('"schema"')) return undefined;
  try {
    const path = (JSON.parse(text) as { prisma?: { schema?: unknown } }).prisma?.schema;
    return typeof path === "string" ? resolvePath(parentOf(file), path) : undefined;
  } catch {
    return undefined;
  }
}

/** `path` from `folder`, with `.` and `..` taken away. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  const windows = /^[A-Za-z]:[\\/]/.test(path);
  const absolute = path.startsWith("/") || windows ? path : `${folder}/${path}`;
  for (const part of absolute.replaceAll("\\", "/").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  const joined = parts.join("/");
  return /^[A-Za-z]:/.test(joined) ? joined : `/${joined}`;
}

/** Comments become blanks, so that offsets stay. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (found.startsWith("/") ? found.replace(/[^\n]/g, " ") : found));
}

/** Behind the bracket that opens the exported object. */
function objectStart(code: string): number | undefined {
  const direct = /(?:defineConfig\s*(?:<[^>]*>)?\s*\(|export\s+default|module\.exports\s*=)\s*\(?\s*\{/.exec(code);
  if (direct) return direct.index + direct[0].length;
  const named = /(?:export\s+default|module\.exports\s*=)\s*(?:defineConfig\s*\(\s*)?([A-Za-z_$][\w$]*)/.exec(code)?.[1];
  const declaration = named === undefined ? undefined : new RegExp(`\\b(?:const|let|var)\\s+${named.replaceAll("$", "\\$")}\\b[^=]*=\\s*(?:defineConfig\\s*\\()?\\s*\\{`).exec(code);
  return declaration ? declaration.index + declaration[0].length : undefined;
}

/** The value of a property of the object that begins before `from`, as offsets. */
function property(code: string, from: number, name: string): { readonly start: number; readonly end: number } | undefined {
  let depth = 0;
  let keyStart = from;
  let value: number | undefined;
  const token = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[{}()[\],:]/g;
  token.lastIndex = from;
  for (let match = token.exec(code); match; match = token.exec(code)) {
    const found = match[0];
    if (found === "{" || found === "(" || found === "[") depth++;
    else if (depth > 0 && (found === "}" || found === ")" || found === "]")) depth--;
    else if (depth === 0 && found === ":" && value === undefined) {
      if (code.slice(keyStart, match.index).trim().replace(/^["']|["']$/g, "") === name) value = match.index + 1;
    } else if (depth === 0 && (found === "," || found === "}")) {
      if (value !== undefined) return { start: value, end: match.index };
      // A shorthand property: its value is the constant of that name.
      if (code.slice(keyStart, match.index).trim() === name) return { start: keyStart, end: match.index };
      if (found === "}") return undefined;
      keyStart = match.index + 1;
    } else if (depth === 0 && (found === ")" || found === "]")) return undefined;
  }
  return undefined;
}

/** A path as far as it is plainly written: strings, path.join, __dirname, constants. Relative to the config's folder. */
function evaluate(expression: string, code: string, depth: number): string | undefined {
  if (depth > 5) return undefined;
  const text = expression.replace(/\s+as\s+const$/, "").trim();
  const string = /^(["'`])((?:(?!\1)[^\\$]|\\.)*)\1$/.exec(text);
  if (string) return string[2]!.replace(/\\(.)/g, "$1");
  if (text === "__dirname" || text === "import.meta.dirname" || text === "process.cwd()") return ".";
  const call = /^(?:[A-Za-z_$][\w$]*\.)?(?:join|resolve)\s*\(([\s\S]*)\)$/.exec(text);
  if (call) return joined(splitArguments(call[1]!).map((part) => evaluate(part, code, depth + 1)), "/");
  const sum = /^([^"'`]+?|["'][^"']*["'])\s*\+\s*([\s\S]+)$/.exec(text);
  if (sum) return joined([evaluate(sum[1]!, code, depth + 1), evaluate(sum[2]!, code, depth + 1)], "");
  if (/^[A-Za-z_$][\w$]*$/.test(text)) {
    const constant = new RegExp(`\\bconst\\s+${text.replaceAll("$", "\\$")}\\b[^=;]*=\\s*([^;\\n]+)`).exec(code);
    return constant ? evaluate(constant[1]!, code, depth + 1) : undefined;
  }
  return undefined;
}

function joined(parts: readonly (string | undefined)[], by: string): string | undefined {
  return parts.some((part) => part === undefined) ? undefined : parts.join(by);
}

function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[(),[\]{}]/g)) {
    if (match[0] === "," && depth === 0) {
      parts.push(text.slice(from, match.index));
      from = match.index + 1;
    } else if ("([{".includes(match[0])) depth++;
    else if (")]}".includes(match[0])) depth--;
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}
