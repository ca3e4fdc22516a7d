// An expression to its value, without running anything of the project: only what can be known from the syntax is
// computed, everything else becomes an unknown value with its place.
import type { ts as t } from "ts-morph";
import { call, construct } from "./call";
import { makeClass } from "./class";
import { globalValue } from "./globals";
import { findExport, functionValue, importValue, moduleAt, namespaceObject, read, readNames } from "./machine";
import { member } from "./member";
import { localSlot } from "./module";
import { binary, textOf, unary } from "./operators";
import { broughtBy, findVariable, placeOf, receiverOf, type Scope } from "./scope";
import type { Slot } from "./slot";
import { sqlTemplate } from "./sql";
import { ts } from "./typescript";
import { forgetWrites } from "./uncertain";
import { arrayOf, isComposite, isKind, objectOf, truth, unknown, type ArrayValue, type ObjectValue, type Place, type UnknownValue, type Value } from "./values";

type Handler = (node: never, scope: Scope) => Value;

let handlers: (Handler | undefined)[] | undefined;

export function evaluate(node: t.Expression, scope: Scope): Value {
  if (--scope.machine.steps < 0) return unknown("it takes too many steps to evaluate", placeOf(node, scope));
  handlers ??= makeHandlers();
  const handler = handlers[node.kind] as ((node: t.Expression, scope: Scope) => Value) | undefined;
  return handler ? handler(node, scope) : unknown("this kind of expression is not evaluated", placeOf(node, scope));
}

function makeHandlers(): (Handler | undefined)[] {
  const table: (Handler | undefined)[] = [];
  const on = <N extends t.Expression>(kind: t.SyntaxKind, handler: (node: N, scope: Scope) => Value): void => { table[kind] = handler as unknown as Handler; };
  const inner = (node: { readonly expression: t.Expression }, scope: Scope): Value => evaluate(node.expression, scope);
  const k = ts.SyntaxKind;
  on<t.Identifier>(k.Identifier, identifier);
  on<t.PropertyAccessExpression>(k.PropertyAccessExpression, propertyAccess);
  on<t.ElementAccessExpression>(k.ElementAccessExpression, elementAccess);
  on<t.CallExpression>(k.CallExpression, callExpression);
  on<t.NewExpression>(k.NewExpression, (node, scope) => construct(evaluate(node.expression, scope), node.arguments ?? [], node, scope));
  on<t.ObjectLiteralExpression>(k.ObjectLiteralExpression, objectLiteral);
  on<t.ArrayLiteralExpression>(k.ArrayLiteralExpression, arrayLiteral);
  on<t.ArrowFunction>(k.ArrowFunction, functionValue);
  on<t.FunctionExpression>(k.FunctionExpression, functionValue);
  on<t.ClassExpression>(k.ClassExpression, makeClass);
  on<t.StringLiteral>(k.StringLiteral, (node) => node.text);
  on<t.NoSubstitutionTemplateLiteral>(k.NoSubstitutionTemplateLiteral, (node) => node.text);
  on<t.NumericLiteral>(k.NumericLiteral, (node) => Number(node.text));
  on<t.BigIntLiteral>(k.BigIntLiteral, (node) => toBigInt(node.text));
  on(k.TrueKeyword, () => true);
  on(k.FalseKeyword, () => false);
  on(k.NullKeyword, () => null);
  on(k.ThisKeyword, (_, scope) => receiverOf(scope));
  on<t.TemplateExpression>(k.TemplateExpression, template);
  on<t.TaggedTemplateExpression>(k.TaggedTemplateExpression, taggedTemplate);
  on<t.ConditionalExpression>(k.ConditionalExpression, conditional);
  on<t.BinaryExpression>(k.BinaryExpression, binary);
  on<t.PrefixUnaryExpression>(k.PrefixUnaryExpression, unary);
  on<t.PostfixUnaryExpression>(k.PostfixUnaryExpression, unary);
  on<t.RegularExpressionLiteral>(k.RegularExpressionLiteral, regex);
  on<t.VoidExpression>(k.VoidExpression, () => undefined);
  on<t.DeleteExpression>(k.DeleteExpression, deleteProperty);
  on<t.TypeOfExpression>(k.TypeOfExpression, (node, scope) => typeOf(evaluate(node.expression, scope)));
  on<t.SpreadElement>(k.SpreadElement, inner);
  on<t.ParenthesizedExpression>(k.ParenthesizedExpression, inner);
  on<t.AsExpression>(k.AsExpression, inner);
  on<t.SatisfiesExpression>(k.SatisfiesExpression, inner);
  on<t.TypeAssertion>(k.TypeAssertionExpression, inner);
  on<t.NonNullExpression>(k.NonNullExpression, inner);
  on<t.ExpressionWithTypeArguments>(k.ExpressionWithTypeArguments, inner);
  on<t.AwaitExpression>(k.AwaitExpression, inner);
  on<t.MetaProperty>(k.MetaProperty, (_, scope) => importMeta(scope));
  return table;
}

function identifier(node: t.Identifier, scope: Scope): Value {
  const variable = findVariable(scope, node.text);
  if (variable) return variable.value;
  const { module, machine } = scope;
  if (module.locals.has(node.text)) return read(machine, localSlot(module, node.text));
  if (node.text === "undefined") return undefined;
  const value = globalValue(node.text, scope);
  if (value !== undefined) return value;
  read(machine, localSlot(module, node.text)); // so that a declaration written later is noticed
  return unknown(node.text ? `"${node.text}" is not declared` : "something is missing here", placeOf(node, scope));
}

function propertyAccess(node: t.PropertyAccessExpression, scope: Scope): Value {
  const name = node.name.text;
  const slot = namedSlot(node.expression, scope);
  const object = slot ? readNames(scope.machine, slot, name) : evaluate(node.expression, scope);
  if (node.questionDotToken && (object === undefined || object === null)) return undefined;
  return member(object, name, placeOf(node, scope), scope);
}

/** The slot that `table` or `schema.table` leads to, so that only the names of a table need to be depended on. */
function namedSlot(node: t.Expression, scope: Scope): Slot | undefined {
  if (ts.isIdentifier(node)) {
    if (findVariable(scope, node.text) || !scope.module.locals.has(node.text)) return undefined;
    return localSlot(scope.module, node.text);
  }
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression) || findVariable(scope, node.expression.text)) return undefined;
  const slot = scope.module.locals.has(node.expression.text) ? localSlot(scope.module, node.expression.text) : undefined;
  if (slot?.declarations[0]?.kind !== "import") return undefined;
  const namespace = read(scope.machine, slot);
  const module = isKind(namespace, "namespace") ? moduleAt(scope.machine, namespace.file) : undefined;
  const found = module && findExport(scope.machine, module, node.name.text);
  return found?.kind === "slot" ? found.slot : undefined;
}

/** An argument of a function that reads names alone (`one(users)`): a table need not be depended on as a whole. */
export function evaluateNames(node: t.Expression, scope: Scope): Value {
  const slot = namedSlot(node, scope);
  return slot ? readNames(scope.machine, slot, "") : evaluate(node, scope);
}

function elementAccess(node: t.ElementAccessExpression, scope: Scope): Value {
  const object = evaluate(node.expression, scope);
  if (node.questionDotToken && (object === undefined || object === null)) return undefined;
  const key = evaluate(node.argumentExpression, scope);
  if (isComposite(key)) return isKind(key, "unknown") ? key : unknown("the property's name cannot be read", placeOf(node, scope));
  return member(object, String(key), placeOf(node, scope), scope);
}

function callExpression(node: t.CallExpression, scope: Scope): Value {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return dynamicImport(node, scope);
  return call(node, scope);
}

function dynamicImport(node: t.CallExpression, scope: Scope): Value {
  const specifier = node.arguments[0] && evaluate(node.arguments[0], scope);
  const place = placeOf(node, scope);
  return typeof specifier === "string" ? importValue(scope.machine, scope.module, specifier, undefined, place) : unknown("what is imported cannot be read", place);
}

export function propertyName(name: t.PropertyName, scope: Scope): string | undefined {
  if (ts.isComputedPropertyName(name)) {
    const value = evaluate(name.expression, scope);
    return isComposite(value) ? undefined : String(value);
  }
  return name.text;
}

function objectLiteral(node: t.ObjectLiteralExpression, scope: Scope): ObjectValue {
  const object = objectOf();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      spreadInto(object, evaluate(property.expression, scope), placeOf(property, scope), scope);
      continue;
    }
    const name = property.name && propertyName(property.name, scope);
    if (name === undefined) {
      object.unknown ??= unknown("the property's name cannot be read", placeOf(property, scope));
      continue;
    }
    object.places.set(name, { ...placeOf(property, scope), name: property.name });
    if (ts.isPropertyAssignment(property)) object.props.set(name, evaluate(property.initializer, scope));
    else if (ts.isShorthandPropertyAssignment(property)) object.props.set(name, identifier(property.name, scope));
    else if (ts.isMethodDeclaration(property)) object.props.set(name, { ...functionValue(property, scope), receiver: object });
    else if (ts.isGetAccessorDeclaration(property)) (object.getters ??= new Map()).set(name, functionValue(property, scope));
  }
  return object;
}

/** `...value` in an object literal, and Object.assign. */
export function spreadInto(object: ObjectValue, value: Value, place: Place, scope: Scope): void {
  if (!isComposite(value)) return;
  const source = isKind(value, "namespace") ? namespaceObject(scope.machine, value.file) : value;
  if (isKind(source, "object")) {
    for (const [name, item] of source.props) {
      object.props.set(name, item);
      object.places.set(name, broughtBy(source.places.get(name), place));
    }
    for (const name of source.getters?.keys() ?? []) {
      object.props.set(name, member(source, name, place, scope));
      object.places.set(name, place);
    }
    if (source.unknown) object.unknown ??= { ...source.unknown, place: source.unknown.place ? broughtBy(source.unknown.place, place) : place };
  } else if (isKind(source, "array")) {
    source.items.forEach((item, i) => {
      object.props.set(String(i), item);
      object.places.set(String(i), broughtBy(source.places[i], place));
    });
  } else if (isKind(source, "table")) {
    for (const name of source.columns.keys()) {
      object.props.set(name, member(source, name, place, scope));
      object.places.set(name, place);
    }
  } else if (isKind(source, "unknown")) {
    if (!source.environment) object.unknown ??= { ...source, place };
  }
}

function arrayLiteral(node: t.ArrayLiteralExpression, scope: Scope): ArrayValue {
  const array = arrayOf([]);
  for (const element of node.elements) {
    if (ts.isSpreadElement(element)) spreadItems(array, evaluate(element.expression, scope), placeOf(element, scope));
    else {
      array.items.push(ts.isOmittedExpression(element) ? undefined : evaluate(element, scope));
      array.places.push(placeOf(element, scope));
    }
  }
  return array;
}

export function spreadItems(array: ArrayValue, value: Value, place: Place): void {
  if (isKind(value, "array")) {
    value.items.forEach((item, i) => {
      array.items.push(item);
      array.places.push(broughtBy(value.places[i], place));
    });
    if (value.unknown) array.unknown ??= { ...value.unknown, place };
  } else if (typeof value === "string") {
    for (const character of value) { array.items.push(character); array.places.push(place); }
  } else if (value !== undefined && value !== null) {
    array.unknown ??= isKind(value, "unknown") ? { ...value, place } : unknown("what is spread here cannot be read", place);
  }
}

function template(node: t.TemplateExpression, scope: Scope): Value {
  let text = node.head.text;
  for (const span of node.templateSpans) {
    const value = evaluate(span.expression, scope);
    const piece = textOf(value);
    if (piece === undefined) return isKind(value, "unknown") ? value : unknown("a part of the text cannot be read", placeOf(node, scope));
    text += piece + span.literal.text;
  }
  return text;
}

function taggedTemplate(node: t.TaggedTemplateExpression, scope: Scope): Value {
  const tag = evaluate(node.tag, scope);
  const { template: body } = node;
  const strings = ts.isNoSubstitutionTemplateLiteral(body) ? [body.text] : [body.head.text, ...body.templateSpans.map((span) => span.literal.text)];
  const values = ts.isNoSubstitutionTemplateLiteral(body) ? [] : body.templateSpans.map((span) => evaluate(span.expression, scope));
  if (isKind(tag, "native") && tag.name === "sql") return sqlTemplate(strings, values);
  if (isKind(tag, "unknown")) return { ...tag, place: placeOf(node, scope) };
  return unknown("this template's tag is not known", placeOf(node, scope));
}

function conditional(node: t.ConditionalExpression, scope: Scope): Value {
  const holds = truth(evaluate(node.condition, scope));
  if (holds === undefined) {
    const result: UnknownValue = unknown("the condition cannot be decided", placeOf(node.condition, scope));
    for (const branch of [node.whenTrue, node.whenFalse]) forgetWrites(branch, result, scope);
    return result;
  }
  return evaluate(holds ? node.whenTrue : node.whenFalse, scope);
}

/** Only short patterns without nested repetition: a project's pattern must not be able to stall the editor. */
function regex(node: t.RegularExpressionLiteral, scope: Scope): Value {
  const match = /^\/(.*)\/([dgimsuvy]*)$/s.exec(node.text);
  if (!match || match[1]!.length > 80 || /[+*}]\)?[+*{]|\)[+*{]/.test(match[1]!)) return unknown("the pattern is not evaluated", placeOf(node, scope));
  try {
    return { kind: "regex", regex: new RegExp(match[1]!, match[2]) };
  } catch {
    return unknown("the pattern is not valid", placeOf(node, scope));
  }
}

function deleteProperty(node: t.DeleteExpression, scope: Scope): Value {
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression)) {
    const object = evaluate(expression.expression, scope);
    if (isKind(object, "object")) object.props.delete(expression.name.text);
  } else if (ts.isElementAccessExpression(expression)) {
    const object = evaluate(expression.expression, scope), key = evaluate(expression.argumentExpression, scope);
    if (isKind(object, "object") && !isComposite(key)) object.props.delete(String(key));
  }
  return true;
}

function typeOf(value: Value): Value {
  if (!isComposite(value)) return value === null ? "object" : typeof value;
  if (value.kind === "unknown") return value;
  return value.kind === "function" || value.kind === "native" || value.kind === "class" ? "function" : "object";
}

function toBigInt(text: string): Value {
  try {
    return BigInt(text.replace(/n$/, ""));
  } catch {
    return 0n;
  }
}

function importMeta(scope: Scope): Value {
  const { path } = scope.module;
  return objectOf([["url", `file://${path}`], ["filename", path], ["dirname", path.slice(0, path.lastIndexOf("/"))], ["env", { ...unknown("it comes from the environment"), environment: true }]]);
}
