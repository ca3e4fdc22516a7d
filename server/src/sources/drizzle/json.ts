// Lists and objects of the evaluator as the JSON that they stand for.
import { isKind, type Value } from "./values";

/** Undefined where a part cannot be read, or is none of JSON's. */
export function jsonOf(value: Value): unknown {
  if (isKind(value, "array")) {
    const items = value.unknown ? [undefined] : value.items.map(jsonOf);
    return items.includes(undefined) ? undefined : items;
  }
  if (isKind(value, "object")) {
    const entries = [...value.props].map(([name, item]) => [name, jsonOf(item)] as const);
    return value.of || entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
  }
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}
