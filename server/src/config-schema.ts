// The JSON schema of plumbline.config.json and the VS Code settings, both derived from the table in config.ts and from
// the rules. Plain values for server/build/schema.mjs to write; nothing at run time needs them.
import { backupTimes, defaultBackups } from "./configured-backups";
import { configFileName, groups, settings, severities, type KnownRules } from "./config";

type Json = Readonly<Record<string, unknown>>;

/** The JSON schema (draft 07, which VS Code reads) of the config file. */
export function configSchema(rules: KnownRules): Json {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: configFileName,
    description: "Settings of Plumbline, for the terminal and every editor.",
    type: "object",
    additionalProperties: false,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: "string", description: "Where this schema stands." },
      ...Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, described(shapes[setting.shape](rules), setting)])),
    },
  };
}

/** `contributes.configuration.properties` of the extension: the same settings under `plumbline.`, which a config file outweighs, and those of the editor alone. */
export function editorSettings(rules: KnownRules): Json {
  const shared = Object.entries(settings).map(([name, setting]) => {
    const shape = setting.shape === "rules" ? briefRules(rules) : shapes[setting.shape](rules);
    const here = { ...setting, description: setting.description.replaceAll("this file", "the workspace folder") };
    return [`plumbline.${name}`, { ...nullable(described(shape, here), "default" in setting), scope: "resource" }] as const;
  });
  return Object.fromEntries([...shared, ...Object.entries(editorOnly)]);
}

/** What concerns the editor alone and has no place in a config file. */
const editorOnly: Json = {
  "plumbline.database.autoConnect": {
    type: "boolean",
    markdownDescription: "Connect to the database that was connected last in this workspace when it is opened. Otherwise no database is connected to unasked.",
    description: "Connect to the database that was connected last in this workspace when it is opened. Otherwise no database is connected to unasked.",
    default: false,
    scope: "window",
  },
};

/** Ids and severities without each rule's options, which would make half of the manifest. */
function briefRules(rules: KnownRules): Json {
  return {
    type: "object",
    propertyNames: { enum: [...groups(rules), ...rules.keys()].sort() },
    additionalProperties: { anyOf: [{ enum: severities }, { type: "object", properties: { severity: { enum: severities } } }] },
  };
}

function described(schema: Json, setting: { readonly description: string; readonly default?: unknown }): Json {
  return { ...schema, markdownDescription: setting.description, description: plain(setting.description), ...("default" in setting && { default: setting.default }) };
}

/** VS Code gives every setting a value: null stands for "not set" where there is no default. */
function nullable(schema: Json, hasDefault: boolean): Json {
  if (hasDefault) return schema;
  return { ...schema, type: [schema["type"], "null"].flat(), default: null };
}

const shapes: { readonly [Shape in (typeof settings)[keyof typeof settings]["shape"]]: (rules: KnownRules) => Json } = {
  path: () => ({ type: "string", minLength: 1 }),
  paths: () => ({ type: "array", items: { type: "string", minLength: 1 } }),
  indexName: () => ({ type: "string", pattern: "\\{columns?\\}", patternErrorMessage: "The pattern must contain {columns} or {column}.", examples: ["{table}_{columns}_idx", "idx_{table}_{columns}"] }),
  pairs: () => ({ type: "array", items: { type: "array", items: { type: "string", minLength: 1 }, minItems: 2, maxItems: 2 } }),
  connections: () => ({
    type: "object",
    propertyNames: { pattern: "^(?!embedded$)(?!.*://).+$" },
    additionalProperties: {
      type: "object",
      additionalProperties: false,
      oneOf: [{ required: ["url"] }, { required: ["environment"] }],
      properties: {
        url: { type: "string", minLength: 1, pattern: passwordless, patternErrorMessage: "A password is never written here: put the URL into .env and name its variable as \"environment\".", description: "The address without a password: postgresql://app@localhost/shop. ${NAME} stands for a variable of the environment." },
        environment: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", description: "The environment variable with the URL, from the process or the .env files." },
        direct: { type: "string", minLength: 1, pattern: passwordless, description: "The address beside a transaction pooler: a URL without a password, or the name of an environment variable." },
        production: { type: "boolean", default: false, description: "Written to only after its name was typed." },
      },
    },
  }),
  migrations: () => ({
    type: ["string", "object"],
    minLength: 1,
    required: ["folder"],
    additionalProperties: false,
    properties: {
      folder: { type: "string", minLength: 1, description: "The migration folder." },
      table: { type: "string", minLength: 1, description: "The table that records what was applied, where it is not the format's own." },
      schema: { type: "string", minLength: 1, description: "The database's schema that the table lies in." },
    },
  }),
  backups: () => ({
    anyOf: [
      { enum: backupTimes },
      {
        type: "object",
        additionalProperties: false,
        properties: {
          before: { enum: backupTimes, default: defaultBackups.before, description: "Before a run that loses data, before every run, or never." },
          folder: { type: "string", minLength: 1, default: defaultBackups.folder, description: "Where dumps go." },
        },
      },
    ],
  }),
  rules: (rules) => ({
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries([
      ...[...groups(rules)].sort().map((group) => [group, ruleSchema(`All rules of the group ${group.slice(0, -2)}.`, {})]),
      ...[...rules].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, rule]) => [id, ruleSchema(`${rule.summary} Default: ${rule.severity}.`, rule.options ?? {})]),
    ] as const),
  }),
};

/** No `user:password@`, unless the password is `${NAME}`. */
const passwordless = "^(?![A-Za-z+]+://[^/?@:]*:(?!\\$\\{\\w+\\}@)[^@]+@)";

function ruleSchema(description: string, options: NonNullable<KnownRules extends ReadonlyMap<string, infer Rule> ? Rule extends { options?: infer Options } ? Options : never : never>): Json {
  const properties = Object.fromEntries(Object.entries(options).map(([name, option]) => [
    name,
    {
      ...(option.type === "string[]" ? { type: "array", items: { type: "string" } } : { type: option.type }),
      description: option.description,
      default: option.default,
    },
  ]));
  const severity = { enum: severities };
  return { description, anyOf: [severity, { type: "object", additionalProperties: false, properties: { severity, ...properties } }] };
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}
