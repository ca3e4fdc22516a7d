// What stands in a table's third argument: index(), unique(), primaryKey(), foreignKey(), check(), policies, and the
// calls chained to them.
import { callValue } from "./call";
import { sequenceOptionsIn } from "./builder-methods";
import { arrayOf, isKind, native, unknown, type CallSite, type Composite, type Family, type NativeValue, type OtherValue, type Place, type Value } from "./values";

export function extraConfigFunctions(family: Family): ReadonlyMap<string, NativeValue> {
  let made = functions.get(family);
  if (!made) functions.set(family, (made = new Map(makeFunctions(family).map((one) => [one.name, one]))));
  return made;
}

const functions = new Map<Family, ReadonlyMap<string, NativeValue>>();

const text = (value: Value): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** An argument that must be a text to be believed: an unknown name makes the whole thing unknown. */
function named(value: Value, make: (name: string | undefined) => Value): Value {
  return isKind(value, "unknown") && !value.environment ? value : make(text(value));
}

function makeFunctions(family: Family): NativeValue[] {
  const indexFunction = (name: string, unique: boolean): NativeValue => native(name, ([given]) => named(given, (indexName) => ({ kind: "index", family, unique, name: indexName, method: "btree" })));
  const otherFunction = (name: string, what: OtherValue["what"]): NativeValue => native(name, ([given, config], { place }) => ({ kind: "other", what, ...(family !== "pg" && { family }), name: text(given), ...(config !== undefined && { config }), place }));
  return [
    indexFunction("index", false),
    indexFunction("uniqueIndex", true),
    native("unique", ([given]) => named(given, (name) => ({ kind: "unique", name }))),
    native("primaryKey", (args) => {
      const [config] = args;
      if (isKind(config, "unknown")) return config;
      const columns = isKind(config, "object") ? config.props.get("columns") : undefined;
      return { kind: "primary key", name: isKind(config, "object") ? text(config.props.get("name")) : undefined, columns: columns ?? arrayOf(args) };
    }),
    native("foreignKey", ([given], site) => {
      const config = isKind(given, "function") ? callValue(given, [], site) : given;
      if (!isKind(config, "object")) return isKind(config, "unknown") ? config : unknown("the foreign key cannot be read", site.place);
      const { chunk, node, outer } = site.place;
      return { kind: "foreign key", name: text(config.props.get("name")), columns: config.props.get("columns"), foreignColumns: config.props.get("foreignColumns"), place: { chunk, node, outer } };
    }),
    native("check", ([given, expression]) => ({ kind: "check", name: text(given), expression })),
    otherFunction("pgPolicy", "policy"), otherFunction("policy", "policy"), otherFunction("pgRole", "role"), native("pgSequence", ([given, options], { place }) => sequenceValue(given, options, place)),
    otherFunction("cockroachPolicy", "policy"), otherFunction("cockroachRole", "role"), otherFunction("cockroachSequence", "sequence"),
  ];
}

/** `pgSequence("counter", { startWith: 100 })`, and the same of a pgSchema. */
export function sequenceValue(name: Value, options: Value, place: Place, schema?: string): OtherValue {
  return { kind: "other", what: "sequence", name: text(name), ...(schema !== undefined && { schema }), ...(options !== undefined && { options: sequenceOptionsIn(options) }), place };
}

type Item = Extract<Composite, { kind: "index" | "unique" | "primary key" | "foreign key" | "check" | "other" }>;

export function itemMethod(item: Item, name: string, args: readonly Value[], { place }: CallSite): Value {
  switch (item.kind) {
    case "index":
      switch (name) {
        case "on": case "onOnly": return { ...item, keys: args };
        case "using": {
          const [method, ...keys] = args;
          if (typeof method !== "string") return unknown("the index's method cannot be read", place);
          return { ...item, method: method.toLowerCase(), keys: item.keys ?? keys };
        }
        case "where": return args[0] === undefined ? item : { ...item, where: args[0] };
        case "with": return { ...item, with: args[0] };
        case "concurrently": return { ...item, concurrently: true };
        case "algorithm": case "lock": case "asc": case "desc": return item;
      }
      break;
    case "unique":
      if (name === "on") return { ...item, columns: args };
      if (name === "nullsNotDistinct") return { ...item, nullsNotDistinct: true };
      break;
    case "foreign key":
      if (name === "onDelete") return { ...item, onDelete: args[0] };
      if (name === "onUpdate") return { ...item, onUpdate: args[0] };
      break;
    case "other":
      return name === "existing" ? { ...item, existing: true } : name === "link" ? { ...item, table: args[0] } : item;
    case "primary key": case "check":
      break;
  }
  return unknown(`"${name}" of ${item.kind === "index" ? "an index" : `a ${item.kind}`} is not known`, place);
}
