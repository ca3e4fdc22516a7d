// Methods of strings and numbers, by JavaScript's own where all operands are known.
import { callValue } from "./call";
import { textOf } from "./operators";
import { arrayOf, isComposite, isKind, unknown, type CallSite, type Value } from "./values";

const known = new Set([
  "toLowerCase", "toUpperCase", "trim", "trimStart", "trimEnd", "slice", "substring", "substr", "charAt", "charCodeAt", "codePointAt", "at", "concat", "startsWith",
  "endsWith", "includes", "indexOf", "lastIndexOf", "toString", "toLocaleLowerCase", "toLocaleUpperCase", "normalize", "toFixed", "valueOf", "localeCompare",
]);

/** No text of a schema is longer, and a project's code must not make the editor build one that is. */
const lengthLimit = 10_000;

export function textMember(text: string, name: string): Value {
  if (name === "length") return text.length;
  const i = Number(name);
  return name !== "" && Number.isInteger(i) ? text[i] : undefined;
}

export function textMethod(receiver: string | number, name: string, args: readonly Value[], site: CallSite): Value {
  const text = String(receiver);
  const unreadable = (): Value => args.find((argument) => isKind(argument, "unknown")) ?? unknown(`"${name}" of a text is not evaluated here`, site.place);
  const [first, second] = args;
  if (text.length > lengthLimit) return unreadable();
  switch (name) {
    case "replace": case "replaceAll": {
      const pattern = isKind(first, "regex") ? first.regex : first;
      if (typeof pattern !== "string" && !(pattern instanceof RegExp)) return unreadable();
      const replace = (...parts: readonly unknown[]): string => (isComposite(second) ? (textOf(callValue(second, parts.map((part) => (typeof part === "object" ? undefined : part)) as Value[], site)) ?? "") : "");
      if (typeof second === "string") return name === "replace" ? text.replace(pattern, second) : text.replaceAll(pattern, second);
      if (!isKind(second, "function") && !isKind(second, "native")) return unreadable();
      return name === "replace" ? text.replace(pattern, replace) : text.replaceAll(pattern, replace);
    }
    case "split": {
      const separator = isKind(first, "regex") ? first.regex : first;
      return typeof separator === "string" || separator instanceof RegExp ? arrayOf(text.split(separator)) : unreadable();
    }
    case "match": return isKind(first, "regex") ? list(text.match(first.regex)) : unreadable();
    case "repeat": return typeof first === "number" && first >= 0 && text.length * first < lengthLimit ? text.repeat(first) : unreadable();
    case "padStart": case "padEnd": return typeof first === "number" && first < lengthLimit && !isComposite(second) ? text[name](first, second === undefined ? undefined : String(second)) : unreadable();
  }
  if (!known.has(name) || args.some(isComposite)) return unreadable();
  const way = (receiver as never)[name] as ((...args: readonly unknown[]) => Value) | undefined;
  if (typeof way !== "function") return unreadable();
  try {
    return way.apply(receiver, [...args]);
  } catch {
    return unreadable();
  }
}

function list(match: RegExpMatchArray | null): Value {
  return match && arrayOf([...match]);
}
