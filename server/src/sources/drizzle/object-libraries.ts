// The few functions over objects that schemas take from general libraries (ramda, lodash and their kin), to leave
// columns out of a shared set or to join sets. Told by their names, which all of these libraries share; the order of
// the arguments differs, so an argument is told by what it is.
import { spreadInto } from "./evaluate";
import { arrayOf, isKind, native, objectOf, unknown, type CallSite, type ObjectValue, type Value } from "./values";

const libraries = /^(ramda|rambda|lodash(-es)?|es-toolkit|remeda|radash|just-(omit|pick)|object\.(omit|pick))(\/|$)/;

export function isObjectLibrary(specifier: string): boolean {
  return libraries.test(specifier);
}

/** The export of such a library; its default export is the function that the path names, or the library. */
export function objectLibraryExport(specifier: string, name: string): Value {
  const last = specifier.slice(specifier.lastIndexOf("/") + 1).replace(/^(just-|object\.|lodash\.)/, "").replace(/\.js$/, "");
  if (name === "default") return functions.get(last) ?? objectOf(functions);
  return functions.get(name);
}

function namesOf(values: readonly Value[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const value of values) {
    if (typeof value === "string") names.add(value);
    else if (isKind(value, "array") && !value.unknown && value.items.every((item) => typeof item === "string")) for (const item of value.items) names.add(item as string);
    else return undefined;
  }
  return names;
}

/** A selection of an object's properties, with the places that they came from. */
function select(args: readonly Value[], keeps: (names: ReadonlySet<string>, name: string) => boolean, { place }: CallSite): Value {
  const object = args.find((one): one is ObjectValue => isKind(one, "object"));
  const names = namesOf(args.filter((one) => one !== object));
  if (!object) {
    const wrong = args.find((one) => isKind(one, "unknown"));
    // With the names alone it waits for the object.
    return !wrong && names && args.length > 0 ? native("select", (more, site) => select([...args, ...more], keeps, site)) : (wrong ?? unknown("the object cannot be read", place));
  }
  if (!names) return unknown("the names cannot be read", place);
  const result: ObjectValue = { ...objectOf(), unknown: object.unknown };
  for (const [name, value] of object.props) {
    if (!keeps(names, name)) continue;
    result.props.set(name, value);
    const from = object.places.get(name);
    if (from) result.places.set(name, from);
  }
  return result;
}

const join = native("merge", (args, { place, scope }) => {
  const result = objectOf();
  for (const one of args.flatMap((value) => (isKind(value, "array") ? value.items : [value]))) spreadInto(result, one, place, scope);
  return result;
});

const functions = new Map<string, Value>([
  ["omit", native("omit", (args, site) => select(args, (names, name) => !names.has(name), site))],
  ["pick", native("pick", (args, site) => select(args, (names, name) => names.has(name), site))],
  ...["merge", "mergeRight", "mergeAll", "assign", "extend", "assignAll"].map((name) => [name, join] as const),
  ["identity", native("identity", ([value]) => value)],
  ["keys", native("keys", ([value], { place }) => (isKind(value, "object") && !value.unknown ? arrayOf([...value.props.keys()]) : unknown("the names cannot be read", place)))],
]);
