// Destructuring, in declarations, parameters and assignments.
import type { ts as t } from "ts-morph";
import { evaluate, propertyName } from "./evaluate";
import { member } from "./member";
import { assign } from "./operators";
import { declare, placeOf, type Scope } from "./scope";
import { ts } from "./typescript";
import { arrayOf, isKind, objectOf, unknown, type Value } from "./values";

/** Declares the names of a binding, or assigns to the targets of an assignment pattern. */
export function bindPattern(pattern: t.BindingName | t.Expression, value: Value, scope: Scope): void {
  if (ts.isIdentifier(pattern)) declare(scope, pattern.text, value);
  else if (ts.isObjectBindingPattern(pattern)) bindObject(pattern, value, scope);
  else if (ts.isArrayBindingPattern(pattern)) {
    pattern.elements.forEach((element, i) => {
      if (ts.isOmittedExpression(element)) return;
      if (element.dotDotDotToken) bindPattern(element.name, restItems(value, i), scope);
      else bindPattern(element.name, withDefault(itemAt(value, i, element, scope), element.initializer, scope), scope);
    });
  } else if (ts.isObjectLiteralExpression(pattern)) {
    for (const property of pattern.properties) {
      if (ts.isPropertyAssignment(property)) {
        const name = propertyName(property.name, scope);
        if (name !== undefined) assign(property.initializer, member(value, name, placeOf(property, scope), scope), scope);
      } else if (ts.isShorthandPropertyAssignment(property)) {
        assign(property.name, withDefault(member(value, property.name.text, placeOf(property, scope), scope), property.objectAssignmentInitializer, scope), scope);
      }
    }
  } else if (ts.isArrayLiteralExpression(pattern)) {
    pattern.elements.forEach((element, i) => assign(element, itemAt(value, i, element, scope), scope));
  }
}

function bindObject(pattern: t.ObjectBindingPattern, value: Value, scope: Scope): void {
  const taken = new Set<string>();
  for (const element of pattern.elements) {
    if (element.dotDotDotToken) {
      bindPattern(element.name, restProperties(value, taken), scope);
      continue;
    }
    const name = element.propertyName ? propertyName(element.propertyName, scope) : ts.isIdentifier(element.name) ? element.name.text : undefined;
    if (name !== undefined) taken.add(name);
    const found = value === undefined || value === null ? undefined
      : name === undefined ? unknown("the property's name cannot be read", placeOf(element, scope))
      : member(value, name, placeOf(element, scope), scope);
    bindPattern(element.name, withDefault(found, element.initializer, scope), scope);
  }
}

function withDefault(value: Value, initializer: t.Expression | undefined, scope: Scope): Value {
  return value === undefined && initializer ? evaluate(initializer, scope) : value;
}

function itemAt(value: Value, i: number, node: t.Node, scope: Scope): Value {
  if (isKind(value, "array")) return i < value.items.length ? value.items[i] : value.unknown;
  return value === undefined || value === null ? undefined : isKind(value, "unknown") ? value : unknown("the item cannot be read", placeOf(node, scope));
}

function restItems(value: Value, from: number): Value {
  if (!isKind(value, "array")) return isKind(value, "unknown") ? value : arrayOf([]);
  return { ...arrayOf(value.items.slice(from), value.places.slice(from)), unknown: value.unknown };
}

function restProperties(value: Value, taken: ReadonlySet<string>): Value {
  if (!isKind(value, "object")) return isKind(value, "unknown") ? value : objectOf();
  const rest = objectOf();
  for (const [name, item] of value.props) {
    if (taken.has(name)) continue;
    rest.props.set(name, item);
    const place = value.places.get(name);
    if (place) rest.places.set(name, place);
  }
  rest.unknown = value.unknown;
  return rest;
}
