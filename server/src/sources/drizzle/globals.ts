// What JavaScript itself provides, as far as schemas and configs use it.
import { callValue } from "./call";
import { spreadInto, spreadItems } from "./evaluate";
import { importValue, namespaceObject } from "./machine";
import { textOf } from "./operators";
import type { Scope } from "./scope";
import { arrayOf, isComposite, isKind, native, objectOf, truth, unknown, type ArrayValue, type CallSite, type ObjectValue, type Value } from "./values";

/** The value of a global name; undefined where there is none. */
export function globalValue(name: string, scope: Scope): Value {
  if (name === "__dirname") return scope.module.path.slice(0, scope.module.path.lastIndexOf("/"));
  if (name === "__filename") return scope.module.path;
  return globals.get(name);
}

const environment = (): Value => ({ ...unknown("it comes from the environment"), environment: true });

/** The own properties of a value as an object; a reason where they are not known. */
function asObject(value: Value, { place, scope }: CallSite): ObjectValue {
  const source = isKind(value, "namespace") ? namespaceObject(scope.machine, value.file) : value;
  if (isKind(source, "object")) return source;
  const object = objectOf();
  spreadInto(object, source, place, scope);
  return object;
}

function listed(object: ObjectValue, make: (name: string, value: Value) => Value): ArrayValue {
  const names = [...object.props.keys()];
  return { ...arrayOf(names.map((name) => make(name, object.props.get(name))), names.map((name) => object.places.get(name))), unknown: object.unknown };
}

const objectFunctions = native("Object", (args) => args[0] ?? objectOf(), [
  ["keys", native("keys", ([value], site) => listed(asObject(value, site), (name) => name))],
  ["values", native("values", ([value], site) => listed(asObject(value, site), (_, item) => item))],
  ["entries", native("entries", ([value], site) => listed(asObject(value, site), (name, item) => arrayOf([name, item])))],
  ["fromEntries", native("fromEntries", ([list]) => {
    const object = objectOf();
    if (!isKind(list, "array")) return { ...object, unknown: isKind(list, "unknown") ? list : unknown("the entries cannot be read") };
    list.items.forEach((entry, i) => {
      const name = isKind(entry, "array") ? entry.items[0] : undefined;
      if (!isKind(entry, "array") || isComposite(name)) { object.unknown ??= unknown("an entry cannot be read", list.places[i]); return; }
      object.props.set(String(name), entry.items[1]);
      if (list.places[i]) object.places.set(String(name), list.places[i]!);
    });
    object.unknown ??= list.unknown;
    return object;
  })],
  ["assign", native("assign", ([target, ...sources], { place, scope }) => {
    for (const source of sources) {
      if (isKind(target, "object")) spreadInto(target, source, place, scope);
      else if (isKind(target, "function") || isKind(target, "class")) for (const [name, value] of asObject(source, { place, scope }).props) target.props.set(name, value);
    }
    return target;
  })],
  ["freeze", native("freeze", ([value]) => value)],
  ["seal", native("seal", ([value]) => value)],
  ["create", native("create", () => objectOf())],
]);

const arrayFunctions = native("Array", (args) => arrayOf(typeof args[0] === "number" && args.length === 1 ? Array.from({ length: Math.min(args[0], 10_000) }, () => undefined) : args), [
  ["isArray", native("isArray", ([value]) => (isKind(value, "unknown") ? value : isKind(value, "array")))],
  ["of", native("of", (args) => arrayOf(args))],
  ["from", native("from", ([source, map], site) => {
    const items = arrayOf([]);
    const length = isKind(source, "object") ? source.props.get("length") : undefined;
    if (typeof length === "number") for (let i = 0; i < Math.min(length, 10_000); i++) { items.items.push(undefined); items.places.push(undefined); }
    else spreadItems(items, source, site.place);
    return map === undefined ? items : { ...arrayOf(items.items.map((item, i) => callValue(map, [item, i], site)), items.places), unknown: items.unknown };
  })],
]);

const math = objectOf((["abs", "ceil", "floor", "max", "min", "round", "pow", "trunc"] as const).map((name) => [name, native(name, (args, { place }) =>
  args.every((argument) => typeof argument === "number") ? (Math[name] as (...numbers: number[]) => number)(...(args as number[])) : unknown("the number cannot be computed", place))]));

const globals = new Map<string, Value>([
  ["Object", objectFunctions],
  ["Array", arrayFunctions],
  ["Math", math],
  ["String", native("String", ([value], { place }) => (value === undefined ? "undefined" : (textOf(value) ?? unknown("the text cannot be read", place))), [["raw", unknown("String.raw is not evaluated")]])],
  ["Number", native("Number", ([value], { place }) => (isComposite(value) ? unknown("the number cannot be read", place) : Number(value)))],
  ["parseInt", native("parseInt", ([value], { place }) => (isComposite(value) ? unknown("the number cannot be read", place) : parseInt(String(value), 10)))],
  ["Boolean", native("Boolean", ([value]) => truth(value) ?? value)],
  ["Set", native("Set", ([source], site) => {
    const items = arrayOf([]);
    spreadItems(items, source, site.place);
    const kept = items.items.map((_, i) => i).filter((i) => items.items.indexOf(items.items[i]) === i);
    return { ...arrayOf(kept.map((i) => items.items[i]), kept.map((i) => items.places[i])), unknown: items.unknown };
  })],
  ["Date", native("Date", ([value], { place }) => {
    // A text without its time zone means the computer's, and no argument the moment.
    const isMoment = typeof value === "number" || (typeof value === "string" && /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:?\d\d))?$/.test(value));
    const date = isMoment ? new Date(value) : undefined;
    return date && !Number.isNaN(date.getTime()) ? { kind: "date", iso: date.toISOString() } : unknown("the date cannot be read", place);
  })],
  ["Infinity", Infinity],
  ["NaN", NaN],
  ["process", objectOf([["env", environment()], ["cwd", native("cwd", (_, { scope }) => scope.module.path.slice(0, scope.module.path.lastIndexOf("/")))], ["argv", environment()], ["platform", environment()]])],
  ["Bun", objectOf([["env", environment()]])],
  ["Deno", objectOf([["env", environment()]])],
  ["URL", native("URL", ([path, base], { place }) => {
    if (typeof path !== "string" || typeof base !== "string") return unknown("the URL cannot be read", place);
    try {
      const url = new URL(path, base);
      return objectOf([["pathname", decodeURIComponent(url.pathname)], ["href", url.href]]);
    } catch {
      return unknown("the URL is not valid", place);
    }
  })],
  ["require", native("require", ([specifier], { place, scope }) => (typeof specifier === "string" ? importValue(scope.machine, scope.module, specifier, undefined, place) : unknown("what is required cannot be read", place)))],
]);

