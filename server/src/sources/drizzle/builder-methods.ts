// The chain after a column function: `.notNull().references(…)`. A chain's call never changes the builder that it is
// called on, because builders are shared between tables.
import type { SequenceOptions } from "../../model/sequence";
import { recordedType } from "./recorded";
import { isComposite, isKind, unknown, type BuilderValue, type CallSite, type Value } from "./values";

export function builderMethod(builder: BuilderValue, name: string, args: () => readonly Value[], site: CallSite): Value {
  const { place } = site;
  switch (name) {
    case "notNull": return { ...builder, notNull: true };
    case "primaryKey": {
      const config = args()[0];
      const counts = builder.family === "sqlite" && isKind(config, "object") && config.props.get("autoIncrement") === true;
      return { ...builder, primary: true, notNull: true, generated: counts ? "serial" : builder.generated };
    }
    case "unique": {
      const [given, config] = args();
      const nulls = isKind(config, "object") ? config.props.get("nulls") : undefined;
      return { ...builder, unique: { name: typeof given === "string" ? given : undefined, nullsNotDistinct: nulls === "not distinct" || undefined, place } };
    }
    case "references": {
      const [target, actions] = args();
      const option = (key: string): Value => (isKind(actions, "object") ? actions.props.get(key) : isKind(actions, "unknown") ? actions : undefined);
      const given = option("name");
      return { ...builder, references: [...builder.references, { target, name: typeof given === "string" ? given : undefined, onDelete: option("onDelete"), onUpdate: option("onUpdate"), place }] };
    }
    case "default": return { ...builder, default: args()[0] };
    case "defaultNow": return { ...builder, default: { kind: "sql", parts: [{ text: builder.family === "sqlite" ? "(cast((julianday('now') - 2440587.5)*86400000 as integer))" : "now()" }] } };
    case "defaultRandom": return { ...builder, default: { kind: "sql", parts: [{ text: "gen_random_uuid()" }] } };
    case "defaultCurrentTimestamp": return { ...builder, default: { kind: "sql", parts: [{ text: "CURRENT_TIMESTAMP" }] } };
    case "$default": case "$defaultFn": case "$onUpdate": case "$onUpdateFn": return { ...builder, generated: builder.generated ?? "client" };
    case "generatedAlwaysAs": {
      const [given, config] = args();
      const mode = isKind(config, "object") ? config.props.get("mode") : undefined;
      return { ...builder, default: given, generated: mode === "stored" || mode === "virtual" ? mode : builder.family === "pg" || builder.family === "gel" || builder.family === "cockroach" ? "stored" : "virtual" };
    }
    case "generatedAlwaysAsIdentity": return { ...builder, generated: "identity", identity: "always", notNull: true, ...sequenceOf(args()[0], builder) };
    case "generatedByDefaultAsIdentity": case "identity": return { ...builder, generated: "identity", notNull: true, ...sequenceOf(args()[0], builder) };
    case "autoincrement": return { ...builder, generated: "serial" };
    case "array": return arrayBuilder(builder, args()[0], site);
    case "collate": { const [given] = args(); return { ...builder, collation: typeof given === "string" ? given : undefined }; }
    case "$type": case "onUpdateNow": case "charSet": case "setOrder": case "mapWith": case "codec": return builder;
  }
  return unknown(`"${name}" of a column is not known`, place);
}

function sequenceOf(options: Value, { family }: BuilderValue): Pick<BuilderValue, "sequence" | "sequenceOptions"> {
  if (options === undefined) return {};
  const name = isKind(options, "object") ? options.props.get("name") : undefined;
  return { ...(typeof name === "string" && { sequence: name }), ...(family === "pg" && { sequenceOptions: sequenceOptionsIn(options) }) };
}

/** What an object says of a sequence; "unread" where a part of it is not a number that can be known. */
export function sequenceOptionsIn(given: Value): Partial<SequenceOptions> | "unread" {
  return (isKind(given, "object") && !given.unknown && numbersOf(given.props)) || "unread";
}

/** drizzle-kit pull writes the ends of bigint as numbers, which JavaScript rounds beyond them: `maxValue: 9223372036854775807`. */
function withinBigint(value: number): string {
  return value >= 2 ** 63 ? "9223372036854775807" : value <= -(2 ** 63) ? "-9223372036854775808" : String(value);
}

function numbersOf(props: ReadonlyMap<string, Value>): Partial<SequenceOptions> | undefined {
  const given: Record<string, string | boolean> = {};
  for (const name of ["increment", "startWith", "minValue", "maxValue", "cache"] as const) {
    const value = props.get(name);
    if (value === undefined) continue;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
    const text = typeof value === "number" ? withinBigint(value) : String(value);
    if (!/^-?\d+$/.test(text)) return undefined;
    given[name] = text;
  }
  const cycle = props.get("cycle");
  if (cycle !== undefined) given["cycle"] = cycle === true;
  return cycle === undefined || typeof cycle === "boolean" ? given : undefined;
}

/** v0 wraps the column, and what was declared before `.array()` is lost; v1 keeps it. */
function arrayBuilder(builder: BuilderValue, size: Value, { scope }: CallSite): BuilderValue {
  const dimensions = typeof size === "string" ? size : "[]";
  const type = builder.type === "unknown" ? "unknown" : builder.type + dimensions;
  const length = typeof size === "number" ? `[${size}]` : dimensions;
  const recorded = builder.recorded !== undefined ? builder.recorded + length : length === dimensions ? undefined : recordedType({ name: builder.type, ...(builder.enum && { enum: { schema: builder.enum.schema ?? "public", name: builder.enum.name } }) }, builder.generated === "serial") + length;
  if (scope.machine.resolver.ormVersion(scope.module.path) >= 1 || typeof size === "string") return { ...builder, type, recorded };
  return { ...builder, type, recorded, notNull: false, primary: false, unique: undefined, references: [], default: undefined, generated: undefined };
}

/** A value that stands among the columns of a table, as a column. Whatever it is, it is one: an unknown helper's result has an unknown type. */
export function asBuilder(value: Value, family: BuilderValue["family"]): BuilderValue {
  if (isKind(value, "builder")) return value;
  if (isKind(value, "unknown")) {
    const first = value.call?.firstArgument();
    const name = typeof first === "string" && first !== "" ? first : undefined;
    return { kind: "builder", family, name, type: "unknown", notNull: value.notNull ?? false, primary: false, references: [], unknown: value };
  }
  const reason = isComposite(value) ? `a ${value.kind} stands where a column is expected` : "this is not a column";
  return { kind: "builder", family, type: "unknown", notNull: false, primary: false, references: [], unknown: unknown(reason) };
}
