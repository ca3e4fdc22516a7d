// Where a Prisma project says that its database is: the datasource of schema.prisma, and that of prisma.config.*. Read as
// text like the rest; what the environment holds is the caller's affair.
import type { Files } from "../source";
import { configGlob, configProperty } from "./config";
import { parentOf } from "./facts";
import { blockOf, parseFile } from "./parsed-file";
import { openSession } from "./session";
import type { Value } from "./syntax";

/** One address. */
export type Address =
  | { readonly kind: "text"; readonly text: string }
  /** An environment variable; `otherwise` is what counts where it is not set. */
  | { readonly kind: "variable"; readonly name: string; readonly otherwise?: string }
  | { readonly kind: "unreadable" };

export interface Datasource {
  /** Absolute path of the schema or config that holds it. */
  readonly file: string;
  /** "postgresql", "mysql", …; a config has none of its own. */
  readonly provider?: string;
  readonly url?: Address;
  readonly directUrl?: Address;
}

/** Every datasource of the workspace that names an address. Copies that a generator wrote are left out. */
export function readDatasources(files: Files): readonly Datasource[] {
  const schemas = openSession(files).discover();
  const inSchemas = schemas.flatMap(({ files: paths }) => paths).flatMap((file) => datasourcesIn(file, files.read(file) ?? ""));
  const providers = new Map(inSchemas.map(({ file, provider }) => [file, provider]));
  const inConfigs = files.list(configGlob).flatMap((file) => {
    const text = files.read(file) ?? "";
    const url = addressInConfig(text, "url"), directUrl = addressInConfig(text, "directUrl");
    // The config has the address, its schema the provider.
    const near = schemas.find(({ config }) => config === file) ?? schemas.find(({ files: [first] }) => first!.startsWith(`${parentOf(file)}/`));
    const provider = near?.files.map((path) => providers.get(path)).find((one) => one !== undefined);
    return url || directUrl ? [{ file, provider, url, directUrl }] : [];
  });
  return [...inConfigs, ...inSchemas.filter(({ url, directUrl }) => url || directUrl)];
}

function datasourcesIn(file: string, text: string): readonly Datasource[] {
  if (!text.includes("datasource")) return [];
  return parseFile(file, text).items.filter(({ kind }) => kind === "datasource").map((item) => {
    const value = (name: string): Value | undefined => blockOf(item)?.settings.find((setting) => setting.name.text === name)?.value;
    const provider = value("provider");
    return { file, ...(provider?.kind === "string" && { provider: provider.text }), url: addressOf(value("url")), directUrl: addressOf(value("directUrl")) };
  });
}

function addressOf(value: Value | undefined): Address | undefined {
  if (value === undefined || value.kind === "missing") return undefined;
  if (value.kind === "string") return { kind: "text", text: value.text };
  const argument = value.kind === "call" && value.text === "env" ? value.arguments[0] : undefined;
  return argument?.kind === "string" ? { kind: "variable", name: argument.text } : { kind: "unreadable" };
}

/** `datasource: { url: env("DATABASE_URL") }`, also as `process.env.DATABASE_URL ?? "…"`. */
function addressInConfig(text: string, name: "url" | "directUrl"): Address | undefined {
  const expression = configProperty(text, ["datasource", name]);
  if (expression === undefined) return undefined;
  const [, string] = /^(?:"([^"\\]*)"|'([^'\\]*)'|`([^`\\$]*)`)$/.exec(expression)?.filter((part) => part !== undefined) ?? [];
  if (string !== undefined) return { kind: "text", text: string };
  const [, variable, otherwise] = /^(?:env\w*\s*(?:<[^>]*>)?\s*\(\s*["'`]|(?:process\.|Bun\.|import\.meta\.)?env(?:\.|\[\s*["'`]))([A-Za-z_]\w*)(?:["'`]\s*[\])])?!?(?:\s+as\s+string)?(?:\s*(?:\?\?|\|\|)\s*["'`]([^"'`]*)["'`])?$/.exec(expression) ?? [];
  return variable === undefined ? { kind: "unreadable" } : { kind: "variable", name: variable, ...(otherwise !== undefined && { otherwise }) };
}
