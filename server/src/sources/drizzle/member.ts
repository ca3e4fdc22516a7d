// Properties and methods of every kind of value: `value.name` and `value.name(…)`.
import { arrayMember, arrayMethod } from "./array-methods";
import { callValue, unknownCall } from "./call";
import { builderMethod } from "./builder-methods";
import { inherited, staticMember } from "./class";
import { itemMethod } from "./extra-config";
import { knownExport } from "./known-modules";
import { exportValue, moduleAt } from "./machine";
import { queryMember, queryMethod, viewMethod } from "./query";
import { relationTablesMember, relationTablesMethod } from "./relations";
import type { Scope } from "./scope";
import { applyEnum, schemaMember, tableMember } from "./table-makers";
import { textMember, textMethod } from "./text-methods";
import { forgetCallback } from "./uncertain";
import { arrayOf, isComposite, isKind, native, unknown, type CallSite, truth, type ColumnValue, type Place, type SqlValue, type UnknownValue, type Value } from "./values";

/** `value.name` */
export function member(value: Value, name: string, place: Place, scope: Scope): Value {
  if (!isComposite(value)) {
    if (typeof value === "string") return textMember(value, name) ?? boundMethod(value, name);
    if (typeof value === "number") return boundMethod(value, name);
    return unknown(`"${name}" is read from ${value === undefined ? "something undefined" : String(value)}`, place);
  }
  switch (value.kind) {
    case "unknown": return environmentVariable(value, name, scope) ?? { ...value, place, call: undefined };
    case "object": {
      if (value.props.has(name)) return value.props.get(name);
      const getter = value.getters?.get(name);
      if (getter) return callValue(getter, [], { place, scope }, { value });
      const found = inherited(value, name);
      if (found) return found.kind === "method" ? found.value : callValue(found.value, [], { place, scope }, { value });
      return value.unknown;
    }
    case "array": return arrayMember(value, name) ?? boundMethod(value, name);
    case "namespace": {
      const module = moduleAt(scope.machine, value.file);
      return module ? exportValue(scope.machine, module, name) : unknown("the module cannot be read", place);
    }
    case "native": return value.props?.get(name) ?? (value.name.startsWith("module ") ? knownExport(value.name.slice(7), name) : functionMember(value, name, place));
    case "function": return value.props.has(name) ? value.props.get(name) : functionMember(value, name, place);
    case "class": return staticMember(value, name) ?? (name === "name" ? (value.node.name?.text ?? "") : undefined);
    case "table": return tableMember(value, name, place);
    case "column": return columnMember(value, name) ?? boundMethod(value, name);
    case "schema": return schemaMember(value, name) ?? boundMethod(value, name);
    case "enum":
      if (name === "enumValues") return arrayOf(value.values);
      if (name === "enumName") return value.name;
      return name === "schema" ? value.schema : boundMethod(value, name);
    case "relation tables": return relationTablesMember(value, name, place, scope);
    case "other": return name === "name" ? value.name : boundMethod(value, name);
    case "foreign key": case "index": case "unique": case "primary key": case "check": case "builder": case "sql": case "relations": case "relation": case "regex": case "date":
      return boundMethod(value, name);
    case "query": return queryMember(value, name, place) ?? boundMethod(value, name);
  }
}

/** `process.env.NAME`, where the machine knows the environment. */
function environmentVariable(value: UnknownValue, name: string, { machine }: Scope): Value {
  if (!machine.environment || !value.environment || value.variable !== undefined || value.call) return undefined;
  return machine.environment(name) ?? { ...value, reason: `the environment variable ${name} is not set`, variable: name };
}

function boundMethod(receiver: Value, name: string): Value {
  return native(name, (args, site) => method(receiver, name, () => args, site));
}

function functionMember(value: Value, name: string, place: Place): Value {
  return name === "call" || name === "apply" || name === "bind" ? boundMethod(value, name) : unknown(`"${name}" of a function is not known`, place);
}

function columnMember(value: ColumnValue, name: string): Value {
  const { builder, property } = value.column;
  switch (name) {
    // v0 leaves an unnamed column its property until the casing of the config is applied.
    case "name": return builder.name ?? property;
    case "notNull": return builder.notNull;
    case "primary": return builder.primary;
    case "isUnique": return builder.unique !== undefined;
    case "hasDefault": return builder.default !== undefined;
    case "enumValues": return builder.enum || builder.values ? arrayOf(builder.enum?.values ?? builder.values ?? []) : undefined;
    case "table": return value.table;
    case "keyAsName": return builder.name === undefined;
  }
  return undefined;
}

/** `receiver.name(…args)` */
export function method(receiver: Value, name: string, args: () => readonly Value[], site: CallSite): Value {
  if (!isComposite(receiver)) {
    if (typeof receiver === "string" || typeof receiver === "number") return textMethod(receiver, name, args(), site);
    return unknown(`"${name}" is called on ${receiver === undefined ? "something undefined" : String(receiver)}`, site.place);
  }
  switch (receiver.kind) {
    case "unknown": {
      if (name === "forEach") forgetCallback(args()[0], receiver);
      // A chain on an unknown helper's result is still that result: `citext("email").notNull()`.
      const chained = receiver.call ? { ...receiver, place: receiver.place } : { ...(unknownCall(receiver, site.place, args) as typeof receiver) };
      return name === "notNull" || name === "primaryKey" ? { ...chained, notNull: true } : chained;
    }
    case "builder": return builderMethod(receiver, name, args, site);
    case "column": return columnMethod(receiver, name, args(), site);
    case "table":
      if (name === "enableRLS") {
        // As Drizzle does: it is the same table afterwards, by whatever name it is exported again.
        receiver.rowSecurity = true;
        return receiver;
      }
      if (name === "existing") return { ...receiver, existing: true };
      if (receiver.view) {
        const made = viewMethod(receiver, name, args, site);
        if (made) return made;
      }
      return name === "as" || name === "with" || name === "getSQL" || name === "$dynamic" ? receiver : tableCall(receiver, name, args(), site);
    case "array": return arrayMethod(receiver, name, args(), site);
    case "index": case "unique": case "primary key": case "foreign key": case "check": case "other": return itemMethod(receiver, name, args(), site);
    case "sql": return sqlMethod(receiver, name, args);
    case "query": return queryMethod(receiver, name, args, site);
    case "enum": return name === "()" ? applyEnum(receiver, args(), site) : member(receiver, name, site.place, site.scope);
    case "relation tables": return relationTablesMethod(receiver, name, args(), site);
    case "regex": {
      const [text] = args();
      if (name === "test" && typeof text === "string" && text.length < 500) return new RegExp(receiver.regex).test(text);
      return unknown("the pattern is not evaluated", site.place);
    }
    case "date":
      if (name === "toISOString" || name === "toJSON") return receiver.iso;
      return name === "getTime" || name === "valueOf" ? Date.parse(receiver.iso) : unknown("the date is not evaluated", site.place);
    case "function": case "native": case "class": {
      if (name === "call" && !hasOwn(receiver, name)) return callValue(receiver, args().slice(1), site, { value: args()[0] });
      if (name === "apply" && !hasOwn(receiver, name)) {
        const list = args()[1];
        return callValue(receiver, isKind(list, "array") ? list.items : [], site, { value: args()[0] });
      }
      if (name === "bind" && !hasOwn(receiver, name)) {
        const [self, ...first] = args();
        return native("bound", (rest, where) => callValue(receiver, [...first, ...rest], where, { value: self }));
      }
      break;
    }
  }
  const callee = member(receiver, name, site.place, site.scope);
  if (isKind(callee, "native") && callee.name === name && !isKnownOwner(receiver)) return unknown(`"${name}" is not known`, site.place);
  if (isKind(callee, "unknown")) return unknownCall(callee, site.place, args);
  return callValue(callee, args(), site, receiver.kind === "object" || receiver.kind === "class" ? { value: receiver } : undefined);
}

function isKnownOwner(receiver: Value): boolean {
  return isKind(receiver, "native") || isKind(receiver, "object") || isKind(receiver, "namespace") || isKind(receiver, "schema") || isKind(receiver, "class") || (isKind(receiver, "function"));
}

function hasOwn(receiver: Value, name: string): boolean {
  return (isKind(receiver, "function") || isKind(receiver, "class") || isKind(receiver, "native")) && (receiver.props?.has(name) ?? false);
}

/** Other methods tell how results are read, which is no part of the text. */
function sqlMethod(receiver: SqlValue, name: string, args: () => readonly Value[]): Value {
  const [given] = name === "as" || name === "if" ? args() : [];
  if (name === "as") return typeof given === "string" ? { ...receiver, alias: given } : given === undefined ? receiver : { ...receiver, parts: [{ value: unknown("the name of a selected part cannot be read") }] };
  return name === "if" && truth(given) === false ? undefined : receiver;
}

function tableCall(receiver: Value, name: string, args: readonly Value[], site: CallSite): Value {
  const callee = member(receiver, name, site.place, site.scope);
  return isKind(callee, "column") ? unknown(`"${name}" is not a function`, site.place) : callValue(callee, args, site);
}

function columnMethod(column: ColumnValue, name: string, args: readonly Value[], site: CallSite): Value {
  switch (name) {
    case "asc": return { ...column, order: "asc" };
    case "desc": return { ...column, order: "desc" };
    case "nullsFirst": return { ...column, nulls: "first" };
    case "nullsLast": return { ...column, nulls: "last" };
    case "op": return typeof args[0] === "string" ? { ...column, operatorClass: args[0] } : unknown("the operator class cannot be read", site.place);
    case "getSQLType": return column.column.builder.type;
    case "through": return isKind(args[0], "column") ? { ...column, through: args[0] } : column;
    case "getSQL": case "as": return column;
    case "toBuilder": return { ...column.column.builder, references: [], name: column.column.builder.name ?? column.column.property };
  }
  return unknown(`"${name}" of a column is not known`, site.place);
}
