// `dbCredentials` of drizzle.config.*: what drizzle-kit would connect with, read by the same evaluator as the schemas and
// like them never executed. Variables of the environment are looked up by the caller; nothing is connected to here.
import type { DialectName } from "../../model/schema";
import type { Files } from "../source";
import { configFiles, configProperties, dialectNamed } from "./configs";
import { createMachine } from "./machine";
import { ts } from "./typescript";
import { isKind, type ObjectValue, type Value } from "./values";

/** One property of the credentials. */
export type Credential =
  | { readonly kind: "text"; readonly text: string }
  /** An environment variable that is not set. */
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "unreadable"; readonly reason: string };

export interface DrizzleCredentials {
  /** Absolute path of the config. */
  readonly config: string;
  readonly dialect?: DialectName;
  /** "pglite", "aws-data-api", "d1-http", … */
  readonly driver?: string;
  /** By drizzle-kit's names: url, host, port, user, password, database. */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** `ssl`, as libpq's parameters: sslmode, sslrootcert (a file), sslrootcerttext. */
  readonly tls: ReadonlyMap<string, string>;
}

/** The credentials of every config of the workspace that has some. `environmentOf` gives the variables that count for a config. */
export function readCredentials(files: Files, environmentOf: (config: string) => (name: string) => string | undefined): readonly DrizzleCredentials[] {
  return configFiles(files).flatMap((config) => {
    const lookUp = environmentOf(config);
    const get = configProperties(createMachine(files, lookUp), config);
    const given = get?.("dbCredentials") ?? get?.("connectionString");
    if (!get || given === undefined) return [];
    const dialect = get("dialect"), driver = get("driver");
    const found: DrizzleCredentials = {
      config,
      ...(typeof dialect === "string" && dialectNamed(dialect) ? { dialect: dialectNamed(dialect) } : typeof driver === "string" && dialectNamed(driver) ? { dialect: dialectNamed(driver) } : {}),
      ...(typeof driver === "string" && { driver }),
      credentials: isKind(given, "object") ? credentialsOf(given, lookUp) : new Map([["url", credential(given, undefined, lookUp)]]),
      tls: isKind(given, "object") ? tlsOf(given.props.get("ssl")) : new Map(),
    };
    return [found];
  });
}

const names: Readonly<Record<string, string>> = { url: "url", connectionString: "url", uri: "url", host: "host", port: "port", user: "user", username: "user", password: "password", database: "database" };

function credentialsOf(object: ObjectValue, lookUp: (name: string) => string | undefined): ReadonlyMap<string, Credential> {
  const found = new Map<string, Credential>();
  for (const [property, name] of Object.entries(names)) {
    const value = object.props.get(property);
    if (value !== undefined && value !== null && !found.has(name)) found.set(name, credential(value, object.places.get(property)?.node, lookUp));
  }
  if (found.size === 0 && object.unknown) found.set("url", credential(object.unknown, undefined, lookUp));
  return found;
}

function credential(value: Value, node: import("ts-morph").ts.Node | undefined, lookUp: (name: string) => string | undefined): Credential {
  if (typeof value === "string" || typeof value === "number") return { kind: "text", text: String(value) };
  if (!isKind(value, "unknown")) return { kind: "unreadable", reason: "it is no text" };
  const name = value.variable ?? variableIn(node);
  if (name === undefined) return { kind: "unreadable", reason: value.reason };
  // Helpers over the environment (`env.DATABASE_URL`, `requireEnv("DATABASE_URL")`) keep the variable's name.
  const text = lookUp(name);
  return text === undefined ? { kind: "variable", name } : { kind: "text", text };
}

/** The variable that an expression plainly names at its end: `env.DATABASE_URL`, `env("DATABASE_URL")`, `env["DATABASE_URL"]!`. */
function variableIn(node: import("ts-morph").ts.Node | undefined): string | undefined {
  let at = node && ts.isPropertyAssignment(node) ? node.initializer : node;
  while (at && (ts.isAsExpression(at) || ts.isNonNullExpression(at) || ts.isParenthesizedExpression(at) || ts.isSatisfiesExpression(at))) at = at.expression;
  if (!at) return undefined;
  const named = ts.isPropertyAccessExpression(at) ? at.name : ts.isElementAccessExpression(at) ? at.argumentExpression : ts.isCallExpression(at) ? at.arguments[0] : undefined;
  const text = named && (ts.isIdentifier(named) || ts.isStringLiteralLike(named)) ? named.text : undefined;
  return text !== undefined && /^[A-Z][A-Z0-9_]*$/.test(text) ? text : undefined;
}

/** node-postgres verifies with `ssl: true` and with an object that does not say otherwise. */
function tlsOf(ssl: Value): ReadonlyMap<string, string> {
  if (ssl === true) return new Map([["sslmode", "verify-full"], ["sslrootcert", "system"]]);
  if (ssl === false) return new Map([["sslmode", "disable"]]);
  if (typeof ssl === "string") return new Map([["sslmode", ssl]]);
  if (!isKind(ssl, "object")) return new Map();
  if (ssl.props.get("rejectUnauthorized") === false) return new Map([["sslmode", "require"]]);
  const ca = ssl.props.get("ca");
  if (typeof ca === "string") return new Map([["sslmode", "verify-full"], ["sslrootcerttext", ca]]);
  const file = isKind(ca, "unknown") ? ca.call?.firstArgument() : undefined;
  if (typeof file === "string") return new Map([["sslmode", "verify-full"], ["sslrootcert", file]]);
  return new Map([["sslmode", "verify-full"]]);
}
