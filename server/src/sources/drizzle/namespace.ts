// TypeScript's own containers of values: `enum` and `namespace`, as plain objects.
import type { ts as t } from "ts-morph";
import { evaluate } from "./evaluate";
import { execute } from "./execute";
import { childScope, declare, type Scope } from "./scope";
import { ts } from "./typescript";
import { objectOf, type ObjectValue, type Value } from "./values";

export function evaluateEnum(node: t.EnumDeclaration, scope: Scope): ObjectValue {
  const object = objectOf();
  const inner = childScope(scope);
  let next: number | undefined = 0;
  for (const member of node.members) {
    const name = ts.isIdentifier(member.name) || ts.isStringLiteralLike(member.name) ? member.name.text : member.name.getText(scope.chunk.source);
    const value: Value = member.initializer ? evaluate(member.initializer, inner) : next;
    next = typeof value === "number" ? value + 1 : undefined;
    object.props.set(name, value);
    declare(inner, name, value);
  }
  return object;
}

export function evaluateNamespace(node: t.ModuleDeclaration, scope: Scope): ObjectValue {
  const object = objectOf();
  const inner = childScope(scope);
  const { body } = node;
  if (!body) return object;
  if (ts.isModuleDeclaration(body)) {
    object.props.set((body.name as t.Identifier).text, evaluateNamespace(body, inner));
    return object;
  }
  if (!ts.isModuleBlock(body)) return object;
  for (const statement of body.statements) if (ts.isFunctionDeclaration(statement)) execute(statement, inner);
  for (const statement of body.statements) if (!ts.isFunctionDeclaration(statement)) execute(statement, inner);
  for (const statement of body.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) continue;
    const names = ts.isVariableStatement(statement) ? statement.declarationList.declarations.flatMap((one) => (ts.isIdentifier(one.name) ? [one.name.text] : []))
      : (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) && statement.name ? [statement.name.text]
      : [];
    for (const name of names) {
      const value = inner.variables.get(name)?.value;
      if (value !== undefined) object.props.set(name, value);
    }
  }
  return object;
}
