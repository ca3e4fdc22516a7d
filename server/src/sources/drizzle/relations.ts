// Relations that Drizzle knows beside the constraints: v0's relations() and v1's defineRelations().
import { callValue, unknownCall } from "./call";
import { currentSlot, exportValue, findExport, moduleAt, readNames } from "./machine";
import { member } from "./member";
import type { Scope } from "./scope";
import { arrayOf, isKind, native, objectOf, unknown, type CallSite, type NativeValue, type ObjectValue, type Place, type RelationsValue, type RelationTablesValue, type RelationValue, type Value } from "./values";

function relationsFunction(name: string, version: 0 | 1): NativeValue {
  return native(name, ([table, callback], { place, scope }) => ({ kind: "relations", table, callback, version, place, home: currentSlot(scope.machine) }));
}

/** Exports of `drizzle-orm` for relations. */
export const relationFunctions: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["relations", relationsFunction("relations", 0)],
  ["defineRelations", relationsFunction("defineRelations", 1)],
  ["defineRelationsPart", relationsFunction("defineRelationsPart", 1)],
]);

/** `one(users, { fields, references })`: of the target only its names are read. */
function relationFunction(many: boolean): NativeValue {
  return {
    ...native(many ? "many" : "one", ([target, config], { place }): RelationValue => ({
      kind: "relation", many, target, place,
      columns: isKind(config, "object") ? config.props.get("fields") : undefined,
      references: isKind(config, "object") ? config.props.get("references") : undefined,
    })),
    soft: true,
  };
}

const helpers = objectOf([["one", relationFunction(false)], ["many", relationFunction(true)]]);

/** What the callback returns: relations by name (v0), or by table, then name (v1). */
export function callRelations(relations: RelationsValue, scope: Scope): ObjectValue | undefined {
  const site: CallSite = { place: relations.place, scope };
  const argument: Value = relations.version === 0 ? helpers : { kind: "relation tables", tables: relations.table, part: "all" };
  const result = relations.callback === undefined && relations.version === 1 ? objectOf() : callValue(relations.callback, [argument], site);
  return isKind(result, "object") ? result : undefined;
}

/** A table of the schema given to defineRelations by its name there; with `property` only names are depended on. */
export function relationTable(value: RelationTablesValue, name: string, property: string, place: Place, scope: Scope): Value {
  const { tables } = value;
  if (!isKind(tables, "namespace")) return member(tables, name, place, scope);
  const module = moduleAt(scope.machine, tables.file);
  const found = module && findExport(scope.machine, module, name);
  if (!module || !found) return unknown(`"${name}" is not among the tables`, place);
  return found.kind === "slot" ? readNames(scope.machine, found.slot, property) : exportValue(scope.machine, module, name);
}

export function relationTablesMember(value: RelationTablesValue, name: string, place: Place, scope: Scope): Value {
  if (value.part === "all" && (name === "one" || name === "many")) return { ...value, part: name };
  return value.part === "all" ? relationTable(value, name, "", place, scope) : native(name, (args, site) => relationTablesMethod(value, name, args, site));
}

/** `r.one.users({ from, to })` */
export function relationTablesMethod(value: RelationTablesValue, name: string, args: readonly Value[], { place, scope }: CallSite): Value {
  if (value.part === "all") return unknownCall(unknown(`"${name}" is not known here`, place), place, () => args);
  const [config] = args;
  const option = (key: string): Value => {
    const given = isKind(config, "object") ? config.props.get(key) : undefined;
    return given === undefined || isKind(given, "array") ? given : arrayOf([given]);
  };
  return { kind: "relation", many: value.part === "many", target: relationTable(value, name, "", place, scope), columns: option("from"), references: option("to"), place };
}
