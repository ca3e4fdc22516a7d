// What a schema's files export beside tables and enums: sequences, and what migrations of Plumbline do not make, by name.
import type { QualifiedName, SchemaModel, Sequence, Unmodelled } from "../../model/schema";
import { ownSequenceOptions } from "../../model/sequence";
import { rangeOfPlace } from "./places";
import type { ViewReading } from "./read-views";
import { isKind, type OtherValue, type TableValue } from "./values";

/** What `existing()` says is somebody else's. */
export function othersOf(others: ReadonlySet<OtherValue>, readings: readonly ViewReading[]): Pick<SchemaModel, "sequences" | "unmodelled" | "views"> {
  const sequences = [...others].flatMap(sequenceOf);
  const views = readings.flatMap(({ view }) => view ?? []);
  const unmodelled = [...readings.flatMap(({ unread }) => unread ?? []), ...[...others].flatMap(unmodelledOf)];
  return { ...(sequences.length > 0 && { sequences }), ...(views.length > 0 && { views }), ...(unmodelled.length > 0 && { unmodelled }) };
}

/** drizzle-kit writes no type, which makes it bigint. */
function sequenceOf({ what, name, schema, options, place }: OtherValue): readonly Sequence[] {
  if (what !== "sequence" || name === undefined) return [];
  const own = options === "unread" || options === undefined ? options : ownSequenceOptions("bigint", options);
  return [{ name: { schema: schema ?? "public", name }, type: "bigint", ...(own && { options: own }), ...(place && { at: rangeOfPlace(place) }) }];
}

function unmodelledOf({ what, name, existing, table, place }: OtherValue): readonly Unmodelled[] {
  const at = place && { at: rangeOfPlace(place) };
  if (name === undefined || existing) return [];
  if (what === "role") return [{ what, name: { schema: null, name }, ...at }];
  return what === "policy" && isKind(table, "table") ? [{ what, name: nameOf(table), policy: name, ...at }] : [];
}

function nameOf({ schema, name }: TableValue): QualifiedName {
  return { schema: schema ?? "public", name };
}
