// The setting `connections`: databases by name. A password has no place in it, and none of its messages shows one.
import type { Node } from "jsonc-parser/lib/esm/main.js";
import { described, members, type Reader, type Reading } from "./config-nodes";
import { didYouMean } from "./nearest";
import { listed } from "./model/words";

/** A database by name: where its address is found, and how careful to be with it. Never a password. */
export interface ConfiguredConnection {
  /** A URL without a password, or with `${NAME}` of the environment in its place. */
  readonly url?: string;
  /** The environment variable that holds the URL. */
  readonly environment?: string;
  /** The address beside a transaction pooler: another such URL, or the name of an environment variable. */
  readonly direct?: string;
  readonly production?: boolean;
}

export const readConnections: Reader<Readonly<Record<string, ConfiguredConnection>>> = (node, reading) => {
  if (node.type !== "object") return reading.say(node, `"connections" must be an object, for example { "shop": { "environment": "DATABASE_URL" } }; found ${node.type === "string" ? "a string" : described(node)}`), undefined;
  const connections: Record<string, ConfiguredConnection> = {};
  for (const [name, nameNode, value] of members(node)) {
    if (name === "" || name === "embedded" || name.includes("://")) {
      reading.say(nameNode, name === "embedded" ? `"embedded" is the database that Plumbline brings; give this connection another name` : "a connection needs a plain name, such as \"shop\"");
      continue;
    }
    const read = connectionConfig(name, value, reading);
    if (read !== undefined) connections[name] = read;
  }
  return connections;
};

const connectionParts = ["url", "environment", "direct", "production"];

function connectionConfig(name: string, node: Node, reading: Reading): ConfiguredConnection | undefined {
  const wanted = `the connection "${name}" must be an object such as { "environment": "DATABASE_URL" } or { "url": "postgresql://app@localhost/shop" }`;
  if (node.type !== "object") return reading.say(node, `${wanted}; found ${node.type === "string" ? "a string" : described(node)}`), undefined;
  const config: Record<string, unknown> = {};
  let sound = true;
  const wrong = (at: Node, message: string): void => {
    sound = false;
    reading.say(at, message);
  };
  for (const [part, partNode, value] of members(node)) {
    if (!connectionParts.includes(part)) {
      const password = part === "password" ? "; a password is never written here: put it into .env, PGPASSWORD or ~/.pgpass" : "";
      wrong(partNode, `a connection has no "${part}"${password || didYouMean(part, connectionParts) || `; it has ${listed(connectionParts)}`}`);
    } else if (part === "production" ? value.type !== "boolean" : value.type !== "string" || value.value === "") {
      wrong(value, `"${part}" of the connection "${name}" must be ${part === "production" ? "true or false" : "a text that is not empty"}`);
    } else if (part === "environment" && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(String(value.value))) {
      wrong(value, `"environment" of the connection "${name}" must be the name of a variable, such as "DATABASE_URL"; a URL belongs into "url", without its password`);
    } else if (typeof value.value === "string" && holdsPassword(value.value)) {
      wrong(value, `the connection "${name}" has its password in the settings, where others read it; write \${NAME} in its place, or the whole URL into .env and "environment": "DATABASE_URL" here`);
    } else config[part] = value.value;
  }
  if (sound && (config["url"] === undefined) === (config["environment"] === undefined)) wrong(node, `${wanted}; found ${config["url"] === undefined ? "neither" : "both"}`);
  return sound ? (config as ConfiguredConnection) : undefined;
}

/** In a URL or a keyword/value string; `${NAME}` stands for one. */
function holdsPassword(text: string): boolean {
  const found = /^[A-Za-z+]+:\/\/[^/?@:]*:([^@]*)@/.exec(text)?.[1] ?? /(?:^|[?&\s])(?:ssl)?password\s*=\s*([^&\s]+)/i.exec(text)?.[1] ?? "";
  return found !== "" && !/^'?\$\{\w+\}'?$/.test(found);
}
