// Variables of the environment as a project's own tools would see them: the process's, then the .env files from a folder
// upwards to the workspace's. Files are read through the doors; who may read them at all is decided there.
// https://github.com/motdotla/dotenv, https://nextjs.org/docs/app/guides/environment-variables (the files' order)
import { parse } from "dotenv";
import type { Files } from "../../sources/source";
import type { Environment } from "./settings";

export interface Variable {
  readonly value: string;
  /** Absolute path of the file; undefined: the process's environment. */
  readonly file?: string;
}

export interface ProjectEnvironment {
  /** The variable, with `${OTHER}` in it replaced. An empty one counts as not set. */
  variable(name: string): Variable | undefined;
}

/** Never .env.production: what is named so is reached only by naming it. */
const fileNames = [".env.development.local", ".env.local", ".env.development", ".env"];

/**
 * The environment for what stands in `folder` (absolute). `text` is the config's: .env files that it loads by name come
 * first, as they do when it runs. The process's own variables win, as with every such tool.
 */
export function projectEnvironment(files: Pick<Files, "root" | "read">, folder: string, process: Environment, text = ""): ProjectEnvironment {
  const folders = upwards(folder, files.root);
  const named = namedFiles(text).map((name) => folders.map((one) => absolute(one, name)).find((path) => files.read(path) !== undefined)).filter((path) => path !== undefined);
  const paths = [...named, ...folders.flatMap((one) => fileNames.map((name) => absolute(one, name)))];
  const parsed: { readonly file: string; readonly values: Readonly<Record<string, string>> }[] = [];
  let next = 0;

  /** Files are read as far as they are needed. */
  function find(name: string): Variable | undefined {
    const own = process[name];
    if (own) return { value: own };
    for (let at = 0; ; at++) {
      while (at >= parsed.length && next < paths.length) {
        const file = paths[next++]!;
        const content = files.read(file);
        if (content !== undefined) parsed.push({ file, values: parse(content) });
      }
      if (at >= parsed.length) return undefined;
      const { file, values } = parsed[at]!;
      if (Object.hasOwn(values, name) && values[name] !== "") return { value: values[name]!, file };
    }
  }

  return {
    variable(name) {
      const found = find(name);
      return found?.file === undefined ? found : { ...found, value: expanded(found.value, (other) => find(other)?.value) };
    },
  };
}

/**
 * `${NAME}`, `$NAME`, `${NAME:-otherwise}` and `\$`, as dotenv-expand; a name that is not set stays as it is written,
 * because a password may hold a dollar sign.
 */
export function expanded(text: string, lookUp: (name: string) => string | undefined, depth = 0): string {
  if (!text.includes("$") || depth > 10) return text;
  return text.replace(/\\\$|\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)/g, (written: string, braced?: string, otherwise?: string, plain?: string) => {
    if (written === "\\$") return "$";
    const value = lookUp((braced ?? plain)!);
    if (value !== undefined) return expanded(value, lookUp, depth + 1);
    return otherwise === undefined ? written : expanded(otherwise, lookUp, depth + 1);
  });
}

/** `config({ path: ".env.local" })`, `config({ path: [".env.local", ".env"] })`, `process.loadEnvFile(".env.test")`. */
function namedFiles(text: string): readonly string[] {
  const calls = text.matchAll(/\b(?:config|expand|dotenvx?\w*)\s*\(\s*\{[^}]*?\bpath\s*:\s*(\[[^\]]*\]|[^,}]+)|\bloadEnvFile\s*\(([^)]*)\)/g);
  return [...calls].flatMap(([, path, file]) => [...(path ?? file ?? "").matchAll(/["'`]([^"'`$]*\.env[^"'`$]*)["'`]/g)].map(([, name]) => name!));
}

/** `folder` and those above it up to `root`; a folder outside of it alone. */
function upwards(folder: string, root: string): readonly string[] {
  const found: string[] = [];
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf("/"))) {
    found.push(at);
    if (at === root || !at.startsWith(`${root}/`)) return found;
  }
}

function absolute(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of (/^([/\\]|[A-Za-z]:)/.test(name) ? name : `${folder}/${name}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return /^[A-Za-z]:/.test(parts[0] ?? "") ? parts.join("/") : `/${parts.join("/")}`;
}
