// The settings, written once: from the table `settings` follow the type, the defaults, the parser of
// plumbline.config.json, its JSON schema and the VS Code settings (config-schema.ts). Finding and reading the file is
// the doors' affair. By hand and not by a schema library: zod/mini costs 523 KB and 35 ms of every start (measured).
// The package's main file hides its parts from bundlers; the same in ES modules does not.
import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser/lib/esm/main.js";
import { described, members, text, type Reader, type Reading } from "./config-nodes";
import { readConnections, type ConfiguredConnection } from "./configured-connections";
import { defaultBackups, readBackupsSetting, type BackupsSetting } from "./configured-backups";
import { readMigrationsSetting, type MigrationsSetting } from "./configured-migrations";
import type { Severity } from "./model/finding";
import type { SourceRange } from "./model/schema";
import { didYouMean } from "./nearest";
import type { Rule } from "./rules/rule";
import { listed } from "./model/words";

export const severities = ["off", "error", "warning", "information", "hint"] as const satisfies readonly (Severity | "off")[];

export interface RuleConfig {
  readonly severity?: Severity | "off";
  readonly [option: string]: unknown;
}

/** One setting: `shape` names its type in `Shapes`; without `default` it is optional. */
interface Setting {
  readonly shape: keyof Shapes;
  readonly default?: unknown;
  /** Markdown, for the JSON schema and VS Code's settings page. */
  readonly description: string;
}

interface Shapes {
  readonly path: string;
  readonly paths: readonly string[];
  readonly indexName: string;
  readonly pairs: readonly (readonly [string, string])[];
  readonly rules: Readonly<Record<string, RuleConfig>>;
  readonly connections: Readonly<Record<string, ConfiguredConnection>>;
  readonly migrations: MigrationsSetting;
  readonly backups: BackupsSetting;
}

export const settings = {
  schemas: {
    shape: "paths",
    default: [],
    description: "Files, folders or globs of the schemas to read, relative to this file. Empty: found through `drizzle.config.*`, `prisma.config.ts`, package.json and the content of the files.",
  },
  exclude: {
    shape: "paths",
    default: [],
    description: "Globs of files that are never read, relative to this file. `node_modules`, `.git` and build output are left out anyway.",
  },
  rules: {
    shape: "rules",
    default: {},
    description: "Per rule id, or for a whole group (`fk/*`): a severity, `off`, or an object with `severity` and the rule's options. A rule's own entry wins over its group's.",
  },
  indexName: {
    shape: "indexName",
    description: "Pattern for the names of new indexes, with `{table}`, `{columns}` (all of them, joined by `_`; `{column}` means the same). Without it the project's own dominant pattern is taken, else `{table}_{columns}_idx`.",
  },
  pairs: {
    shape: "pairs",
    description: "Pairs of schemas that describe one database, each as two paths or ids; they are compared with each other. Without it, a Drizzle and a Prisma schema that share most table names are paired; `[]`: none.",
  },
  connections: {
    shape: "connections",
    default: {},
    description: "Databases by name, for `--database NAME` and the editor, beside those that `drizzle.config.*`, Prisma and `DATABASE_URL` name: `{ \"shop\": { \"environment\": \"DATABASE_URL\", \"production\": true } }`. `environment` names the variable with the URL (from the process or the `.env` files here), or `url` gives it without a password. `direct` is the address beside a transaction pooler; what is marked `production` is written to only after its name was typed.",
  },
  migrations: {
    shape: "migrations",
    description: "The migration folder, relative to this file, and where its applied migrations are recorded: `\"db/migrations\"`, or `{ \"folder\": \"db/migrations\", \"table\": \"__drizzle_migrations\", \"schema\": \"drizzle\" }`. Without it: `out` and `migrations` of `drizzle.config.*`, `migrations.path` of `prisma.config.*`, or what lies beside the schema.",
  },
  backups: {
    shape: "backups",
    default: defaultBackups,
    description: "When a dump of the database is made before migrations or a SQL file run (`losses`: before a statement that loses data, `always`, `never`), and the folder that dumps go to, relative to this file: `\"always\"`, or `{ \"before\": \"always\", \"folder\": \"../backups\" }`. Keep the folder out of version control.",
  },
  baseline: {
    shape: "path",
    description: "A baseline file, relative to this file: the findings it records are not reported. Write it with `plumbline check --baseline FILE --update-baseline`.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Settings = typeof settings;
type Defaulted = { [Name in keyof Settings]: Settings[Name] extends { default: unknown } ? Name : never }[keyof Settings];

/** What the engine is told: a configuration after `rebase`. */
export type Config =
  & { readonly [Name in Defaulted]: Shapes[Settings[Name]["shape"]] }
  & { readonly [Name in Exclude<keyof Settings, Defaulted>]?: Shapes[Settings[Name]["shape"]] };

export const defaults: Config = { schemas: [], exclude: [], rules: {}, connections: {}, backups: defaultBackups };

/** The name that the doors look for, from the nearest folder upwards. */
export const configFileName = "plumbline.config.json";

/** The rules as far as a configuration may speak of them. */
export type KnownRules = ReadonlyMap<string, Pick<Rule, "options" | "summary" | "severity">>;

/** What the engine itself reports, beside the rules: configurable like them. */
export const engineFindings: KnownRules = new Map([
  ["source/unreadable", { severity: "information", summary: "A part of a schema cannot be read without running it." }],
  ["suppression/unused", { severity: "warning", summary: "A suppression comment suppresses nothing." }],
]);

/** All that a configuration may name: the rules, and what the engine itself reports. */
export function configurable(rules: KnownRules): KnownRules {
  return new Map([...rules, ...engineFindings]);
}

/** A mistake in a configuration: what was found, what was expected, and what to write. */
export interface ConfigProblem {
  readonly at: SourceRange;
  readonly message: string;
}

export interface ParsedConfig {
  /** What could be understood; a setting with a mistake is left out. */
  readonly config: Partial<Config>;
  readonly problems: readonly ConfigProblem[];
}

/** Reads the text of a config file (JSON with comments and trailing commas). Never throws. */
export function parseConfig(text: string, file: string, rules: KnownRules): ParsedConfig {
  const problems: ConfigProblem[] = [];
  const say = (node: Pick<Node, "offset" | "length">, message: string): void => {
    problems.push({ at: { file, start: node.offset, end: node.offset + node.length }, message });
  };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  for (const error of errors) say(error, `not valid JSON: ${syntaxMessages[printParseErrorCode(error.error)] ?? "something is wrong here"}`);
  if (tree === undefined) {
    if (errors.length === 0) say({ offset: 0, length: 0 }, "the file is empty; expected an object, at least {}");
    return { config: {}, problems };
  }
  if (tree.type !== "object") {
    say(tree, `expected an object with the settings ${listed(Object.keys(settings))}, found ${described(tree)}`);
    return { config: {}, problems };
  }
  const config: Record<string, unknown> = {};
  for (const [name, nameNode, value] of members(tree)) {
    if (name === "$schema") continue;
    if (!isSetting(name)) {
      say(nameNode, `unknown setting "${name}"${didYouMean(name, Object.keys(settings)) || `; there are ${listed(Object.keys(settings))}`}`);
      continue;
    }
    const read = readers[settings[name].shape](value, { name, say, rules });
    if (read !== undefined) config[name] = read;
  }
  return { config: config as Partial<Config>, problems };
}

/** The same for settings that an editor sends as values: `problems` then name the setting, their places mean nothing. Settings that are null or undefined count as not given. */
export function configFromValues(values: Readonly<Record<string, unknown>>, rules: KnownRules): ParsedConfig {
  const known = Object.fromEntries(Object.entries(values).filter(([name, value]) => isSetting(name) && value !== null && value !== undefined));
  return parseConfig(JSON.stringify(known), "settings", rules);
}

/** One configuration out of several, the first the weakest: a later one's settings win, its rules and connections one by one. */
export function mergeConfigs(...configs: readonly Partial<Config>[]): Config {
  let merged: Config = defaults;
  for (const config of configs) {
    const rules = { ...merged.rules };
    for (const [id, rule] of Object.entries(config.rules ?? {})) rules[id] = { ...rules[id], ...rule };
    merged = { ...merged, ...config, rules, connections: { ...merged.connections, ...config.connections } };
  }
  return merged;
}

/**
 * The configuration of a file in `folder` as the engine takes it (both folders absolute, with `/`): `schemas`, `exclude`,
 * `migrations` and `baseline` absolute, `pairs` relative to `root`, as the ids of schemas are.
 */
export function rebase(config: Partial<Config>, folder: string, root: string): Partial<Config> {
  const absolute = (path: string): string => (path.startsWith("!") ? `!${absolutePath(path.slice(1), folder)}` : absolutePath(path, folder));
  const fromRoot = (path: string): string => relativePath(absolute(path), root);
  return {
    ...config,
    ...(config.schemas && { schemas: config.schemas.map(absolute) }),
    ...(config.exclude && { exclude: config.exclude.map(absolute) }),
    ...(config.pairs && { pairs: config.pairs.map(([one, other]) => [fromRoot(one), fromRoot(other)] as const) }),
    ...(config.migrations && { migrations: { ...config.migrations, folder: absolute(config.migrations.folder) } }),
    ...(config.backups && { backups: { ...config.backups, folder: absolute(config.backups.folder) } }),
    ...(config.baseline !== undefined && { baseline: absolute(config.baseline) }),
  };
}

function absolutePath(path: string, folder: string): string {
  const drive = /^[A-Za-z]:\//;
  const parts: string[] = [];
  for (const part of (path.startsWith("/") || drive.test(path) ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return drive.test(`${parts[0]}/`) ? parts.join("/") : `/${parts.join("/")}`;
}

/** `path` as seen from `folder`, both absolute with `/`; "." for the folder itself. */
export function relativePath(path: string, folder: string): string {
  const to = path === "/" ? [""] : path.split("/");
  const from = folder === "/" ? [""] : folder.split("/");
  let common = 0;
  while (common < from.length && common < to.length && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/") || ".";
}

const readers: { readonly [Shape in keyof Shapes]: Reader<Shapes[Shape]> } = {
  path: (node, reading) => text(node, reading, `"${reading.name}" must be a path, for example "plumbline-baseline.json"`),
  paths: (node, reading) => {
    const wanted = `"${reading.name}" must be a list of paths or globs, for example ["src/db/schema/*.ts"]`;
    if (node.type !== "array") return reading.say(node, `${wanted}; found ${described(node)}`), undefined;
    return (node.children ?? []).map((child) => text(child, reading, wanted)).filter((path) => path !== undefined);
  },
  indexName: (node, reading) => {
    const pattern = text(node, reading, `"indexName" must be a pattern such as "{table}_{columns}_idx"`);
    if (pattern === undefined) return undefined;
    const unknown = [...pattern.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]!).find((name) => !["table", "column", "columns"].includes(name));
    if (unknown !== undefined) return reading.say(node, `"indexName" knows {table}, {column} and {columns}, not {${unknown}}`), undefined;
    if (!/\{columns?\}/.test(pattern)) return reading.say(node, `"indexName" must contain {columns} or {column}, or all indexes of a table would share a name; for example "{table}_{columns}_idx"`), undefined;
    return pattern;
  },
  pairs: (node, reading) => {
    const wanted = `"pairs" must be a list of pairs, for example [["src/db/schema", "prisma/schema.prisma"]]`;
    if (node.type !== "array") return reading.say(node, `${wanted}; found ${described(node)}`), undefined;
    const pairs: (readonly [string, string])[] = [];
    for (const child of node.children ?? []) {
      if (child.type !== "array" || child.children?.length !== 2) {
        reading.say(child, `${wanted}; found ${child.type === "array" ? `a list of ${child.children?.length ?? 0}` : described(child)}`);
        continue;
      }
      const [one, other] = child.children.map((path) => text(path, reading, wanted));
      if (one !== undefined && other !== undefined) pairs.push([one, other]);
    }
    return pairs;
  },
  rules: (node, reading) => {
    if (node.type !== "object") return reading.say(node, `"rules" must be an object, for example { "fk/unindexed": "error" }; found ${described(node)}`), undefined;
    const rules: Record<string, RuleConfig> = {};
    for (const [id, idNode, value] of members(node)) {
      if (!isKnownRule(id, reading.rules)) {
        reading.say(idNode, `unknown rule "${id}"${didYouMean(id, [...reading.rules.keys(), ...groups(reading.rules)]) || "; `plumbline rules` lists them"}`);
        continue;
      }
      const read = ruleConfig(id, value, reading);
      if (read !== undefined) rules[id] = read;
    }
    return rules;
  },
  connections: readConnections,
  migrations: readMigrationsSetting,
  backups: readBackupsSetting,
};

function ruleConfig(id: string, node: Node, reading: Reading): RuleConfig | undefined {
  if (node.type === "string") {
    const severity = severityOf(id, node, reading);
    return severity && { severity };
  }
  if (node.type !== "object") {
    reading.say(node, `"${id}" must be ${severityList}, or an object such as { "severity": "error" }; found ${described(node)}`);
    return undefined;
  }
  const options = reading.rules.get(id)?.options ?? {};
  const config: Record<string, unknown> = {};
  for (const [name, nameNode, value] of members(node)) {
    if (name === "severity") {
      const severity = severityOf(id, value, reading);
      if (severity !== undefined) config["severity"] = severity;
      continue;
    }
    const option = options[name];
    if (option === undefined) {
      const known = ["severity", ...Object.keys(options)];
      reading.say(nameNode, `"${id}" has no option "${name}"${didYouMean(name, known) || `; it has ${listed(known)}`}`);
    } else if (!fits(value, option.type)) {
      reading.say(value, `option "${name}" of "${id}" must be ${optionTypes[option.type]}, for example ${JSON.stringify(option.default)}; found ${described(value)}`);
    } else {
      config[name] = value.type === "array" ? (value.children ?? []).map((child) => child.value as unknown) : value.value;
    }
  }
  return config;
}

const severityList = severities.map((severity) => `"${severity}"`).join(", ").replace(/, ([^,]*)$/, " or $1");
const severityWords: Readonly<Record<string, string>> = { warn: "warning", info: "information", err: "error", none: "off", ignore: "off", disabled: "off" };

function severityOf(id: string, node: Node, reading: Reading): Severity | "off" | undefined {
  const value = node.value as unknown;
  const known = severities.find((severity) => severity === value);
  if (known !== undefined) return known;
  const meant = typeof value === "string" ? severityWords[value.toLowerCase()] : undefined;
  const hint = meant !== undefined ? `; did you mean "${meant}"?` : typeof value === "string" ? didYouMean(value, severities) : "";
  reading.say(node, `the severity of "${id}" must be ${severityList}; found ${described(node)}${hint}`);
  return undefined;
}

const optionTypes = { string: "a string", number: "a number", boolean: "true or false", "string[]": "a list of strings" } as const;

function fits(node: Node, type: keyof typeof optionTypes): boolean {
  return type === "string[]" ? node.type === "array" && (node.children ?? []).every((child) => child.type === "string") : node.type === type;
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(settings, name);
}

function isKnownRule(id: string, rules: KnownRules): boolean {
  return rules.has(id) || groups(rules).has(id);
}

/** `fk/*` and so on for all rules. */
export function groups(rules: KnownRules): ReadonlySet<string> {
  return new Set([...rules.keys()].map((id) => `${id.slice(0, id.indexOf("/"))}/*`));
}

const syntaxMessages: Readonly<Record<string, string>> = {
  InvalidSymbol: "this word needs double quotes",
  InvalidNumberFormat: "this is not a number",
  PropertyNameExpected: "expected a name in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing }",
  CloseBracketExpected: "expected a closing ]",
  EndOfFileExpected: "expected nothing more after the closing }",
  UnexpectedEndOfString: "the string is not closed",
  UnexpectedEndOfComment: "the comment is not closed",
  InvalidEscapeCharacter: "this escape is not known in JSON",
  InvalidCharacter: "a character that JSON does not allow; write it as an escape",
};
