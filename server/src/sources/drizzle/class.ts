// Classes and their instances: fields, constructors with parameter properties, methods, accessors, statics, inheritance.
import type { ts as t } from "ts-morph";
import { bindParameters } from "./call";
import { evaluate, propertyName } from "./evaluate";
import { executeAll } from "./execute";
import { functionValue } from "./machine";
import { setMember } from "./operators";
import { declare, functionScope, type Scope } from "./scope";
import { ts } from "./typescript";
import { isKind, objectOf, unknown, type ClassValue, type FunctionValue, type ObjectValue, type Place, type Value } from "./values";

export function makeClass(node: t.ClassLikeDeclaration, scope: Scope): ClassValue {
  const heritage = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const base = heritage?.types[0] && evaluate(heritage.types[0].expression, scope);
  const made: ClassValue = { kind: "class", node, scope, base, props: new Map() };
  const inner = functionScope(scope, { value: made }, scope.caller);
  declare(inner, "\0super", base);
  if (node.name) declare(inner, node.name.text, made);
  for (const member of node.members) {
    if (ts.isClassStaticBlockDeclaration(member)) executeAll(member.body.statements, functionScope(inner, { value: made }, scope.caller));
    if (!isStatic(member) || !member.name) continue;
    const name = propertyName(member.name as t.PropertyName, scope);
    if (name === undefined) continue;
    if (ts.isMethodDeclaration(member)) made.props.set(name, { ...functionValue(member, inner), receiver: made });
    else if (ts.isPropertyDeclaration(member)) made.props.set(name, member.initializer && evaluate(member.initializer, inner));
  }
  return made;
}

function isStatic(member: t.ClassElement): boolean {
  return ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
}

/** A static member, the class's own or inherited. */
export function staticMember(of: ClassValue, name: string): Value {
  for (let at: Value = of; isKind(at, "class"); at = at.base) if (at.props.has(name)) return at.props.get(name);
  return undefined;
}

/** `new of(…args)`; with `receiver` the base class's part of it (`super(…)`). */
export function instantiate(of: ClassValue, args: readonly Value[], place: Place, from: Scope, receiver?: Value): Value {
  const { machine } = from;
  if (machine.depth > 100) return unknown("classes make each other too deeply", place);
  const instance: ObjectValue = isKind(receiver, "object") ? receiver : { ...objectOf(), of };
  const inner = functionScope(of.scope, { value: instance }, place);
  declare(inner, "\0super", of.base);
  const constructor = of.node.members.find((member): member is t.ConstructorDeclaration => ts.isConstructorDeclaration(member) && member.body !== undefined);
  machine.depth++;
  try {
    if (!constructor && isKind(of.base, "class")) instantiate(of.base, args, place, from, instance);
    else if (isKind(of.base, "unknown")) instance.unknown ??= of.base;
    const scope = functionScope(inner, undefined, place);
    if (!constructor) {
      setFields(of, instance, inner);
      return instance;
    }
    bindParameters(constructor, args, scope);
    for (const parameter of constructor.parameters) {
      if (!ts.getModifiers(parameter)?.length || !ts.isIdentifier(parameter.name)) continue;
      setMember(instance, parameter.name.text, scope.variables.get(parameter.name.text)?.value, parameter, scope);
    }
    // Fields are set after super(…) returns, and before the rest of the constructor.
    const { statements } = constructor.body!;
    const isSuper = (statement: t.Statement): boolean => ts.isExpressionStatement(statement) && ts.isCallExpression(statement.expression) && statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword;
    const first = statements.findIndex(isSuper) + 1;
    executeAll(statements.slice(0, first), scope);
    setFields(of, instance, inner);
    executeAll(statements.slice(first), scope);
    return instance;
  } finally {
    machine.depth--;
  }
}

function setFields(of: ClassValue, instance: ObjectValue, inner: Scope): void {
  for (const member of of.node.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member)) continue;
    const name = propertyName(member.name, inner);
    if (name !== undefined && (member.initializer || !instance.props.has(name))) setMember(instance, name, member.initializer && evaluate(member.initializer, inner), member, inner);
  }
}

/** A method or getter of an instance, found up the chain of classes. */
export function inherited(instance: ObjectValue, name: string): { readonly kind: "method" | "getter"; readonly value: FunctionValue } | undefined {
  for (let at: Value = instance.of; isKind(at, "class"); at = at.base) {
    for (const member of at.node.members) {
      if (isStatic(member) || !member.name || !("text" in member.name) || member.name.text !== name) continue;
      if (ts.isMethodDeclaration(member) && member.body) return { kind: "method", value: methodOf(at, member, instance) };
      if (ts.isGetAccessorDeclaration(member)) return { kind: "getter", value: methodOf(at, member, instance) };
    }
  }
  return undefined;
}

function methodOf(of: ClassValue, node: t.FunctionLikeDeclaration, instance: ObjectValue): FunctionValue {
  const scope = functionScope(of.scope, { value: instance }, of.scope.caller);
  declare(scope, "\0super", of.base);
  return { ...functionValue(node, scope), receiver: instance };
}
