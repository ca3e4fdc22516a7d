// `crudPolicy` of drizzle-orm/neon: the policies that it makes for reading and for writing.
import { arrayOf, isKind, objectOf, unknown, type OtherValue, type Place, type Value } from "./values";

/** As neon/rls.js of drizzle-orm makes them: none for what is null. */
export function crudPolicies(options: Value, place: Place): Value {
  if (!isKind(options, "object") || options.unknown) return isKind(options, "unknown") ? options : unknown("the options of crudPolicy cannot be read", place);
  const to = options.props.get("role");
  const roles = (isKind(to, "array") && !to.unknown ? to.items : [to]).map((one) => (isKind(one, "other") ? one.name : one));
  if (!roles.every((one) => typeof one === "string")) return unknown("the role of crudPolicy cannot be read", place);
  const condition = (name: string): Value => {
    const given = options.props.get(name);
    return typeof given === "boolean" ? { kind: "sql", parts: [{ text: String(given) }] } : given;
  };
  const policy = (command: string, using: Value, withCheck: Value): OtherValue => ({
    kind: "other", what: "policy", name: `crud-${roles.join("-")}-policy-${command}`, place,
    config: objectOf([["for", command], ["to", to], ["using", using], ["withCheck", withCheck]]),
  });
  const [read, modify] = [condition("read"), condition("modify")];
  return arrayOf([
    ...(read === null || read === undefined ? [] : [policy("select", read, undefined)]),
    ...(modify === null || modify === undefined ? [] : [policy("insert", undefined, modify), policy("update", modify, modify), policy("delete", modify, undefined)]),
  ]);
}
