// The scripts of a package.json, and which of them push a schema into a database. Of a text that is not JSON, what could be
// read. It runs none of them.
import { parseTree } from "jsonc-parser/lib/esm/main.js";

export interface PackageScript {
  readonly name: string;
  readonly command: string;
  /** UTF-16 offsets of the name with its quotes. */
  readonly start: number;
  readonly end: number;
}

export function packageScripts(text: string): readonly PackageScript[] {
  const scripts = parseTree(text)?.children?.find(({ children }) => children?.[0]?.value === "scripts")?.children?.[1];
  return (scripts?.children ?? []).flatMap(({ children: [name, command] = [] }): readonly PackageScript[] =>
    name && typeof command?.value === "string" ? [{ name: String(name.value), command: command.value, start: name.offset, end: name.offset + name.length }] : []);
}

/** `drizzle-kit push`, also as `push:pg`, or `prisma db push`; options may stand in between. */
export function pushes(command: string): "drizzle" | "prisma" | undefined {
  if (/\bdrizzle-kit(@\S+)?\s+(--?\S+\s+)*push(:\w+)?(?![\w-])/.test(command)) return "drizzle";
  return /\bprisma(@\S+)?\s+db\s+push(?![\w-])/.test(command) ? "prisma" : undefined;
}
