// How the values of a config file are read: its syntax tree's nodes, and mistakes told at their places. What each
// setting may be is said in config.ts.
import type { Node } from "jsonc-parser/lib/esm/main.js";
import type { KnownRules } from "./config";

export interface Reading {
  readonly name: string;
  readonly rules: KnownRules;
  say(node: Pick<Node, "offset" | "length">, message: string): void;
}

/** A setting out of its node; undefined after a mistake was told. */
export type Reader<Value> = (node: Node, reading: Reading) => Value | undefined;

/** A text that is not empty; `wanted` begins the message otherwise. */
export function text(node: Node, reading: Reading, wanted: string): string | undefined {
  if (node.type === "string" && node.value !== "") return node.value as string;
  reading.say(node, `${wanted}; found ${described(node)}`);
  return undefined;
}

export function members(node: Node): readonly (readonly [name: string, nameNode: Node, value: Node])[] {
  return (node.children ?? []).flatMap((property) => {
    const [name, value] = property.children ?? [];
    return name !== undefined && value !== undefined ? [[String(name.value), name, value] as const] : [];
  });
}

/** What stands there, for a message. Shows texts: not for what may be a secret. */
export function described(node: Node): string {
  switch (node.type) {
    case "string": return node.value === "" ? "an empty string" : JSON.stringify(node.value);
    case "array": return "a list";
    case "object": return "an object";
    default: return String(node.value);
  }
}
