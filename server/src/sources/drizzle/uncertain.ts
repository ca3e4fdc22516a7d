// What a piece of code that cannot be followed may write is not known any more: the variables that it assigns, and the
// objects and lists that it adds to. Nothing of it is run, and what the functions that it calls may do is not looked at.
import type { ts as t } from "ts-morph";
import { evaluate } from "./evaluate";
import { setMember } from "./operators";
import { findVariable, type Scope } from "./scope";
import { ts } from "./typescript";
import { isKind, type UnknownValue, type Value } from "./values";

/** Methods that change the list or set that they are called on. */
const changing: ReadonlySet<string> = new Set(["push", "unshift", "pop", "shift", "splice", "fill", "sort", "reverse", "set", "add", "delete", "clear"]);

/** Makes unknown, for the reason `why`, what `node` would write of the names in `scope`. Names of its own do not count. */
export function forgetWrites(node: t.Node, why: UnknownValue, scope: Scope): void {
  const own = new Set<string>();
  declaredIn(node, own);
  const reachable = (expression: t.Expression): boolean => {
    const root = rootOf(expression);
    return root !== undefined && (root === "this" || !own.has(root));
  };
  const forget = (target: t.Expression): void => {
    if (ts.isIdentifier(target)) {
      const variable = own.has(target.text) ? undefined : findVariable(scope, target.text);
      if (variable) variable.value = why;
    } else if (ts.isPropertyAccessExpression(target)) {
      if (reachable(target.expression)) setMember(evaluate(target.expression, scope), target.name.text, why, target, scope);
    } else if (ts.isElementAccessExpression(target)) {
      if (reachable(target.expression)) forgetContents(evaluate(target.expression, scope), why);
    } else if (ts.isParenthesizedExpression(target) || ts.isNonNullExpression(target) || ts.isAsExpression(target) || ts.isSpreadElement(target)) {
      forget(target.expression);
    } else if (ts.isArrayLiteralExpression(target)) {
      target.elements.forEach(forget);
    } else if (ts.isObjectLiteralExpression(target)) {
      for (const property of target.properties) {
        if (ts.isPropertyAssignment(property)) forget(property.initializer);
        else if (ts.isShorthandPropertyAssignment(property)) forget(property.name);
        else if (ts.isSpreadAssignment(property)) forget(property.expression);
      }
    }
  };
  const visit = (one: t.Node): void => {
    if (ts.isBinaryExpression(one) && one.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && one.operatorToken.kind <= ts.SyntaxKind.LastAssignment) forget(one.left);
    else if (ts.isDeleteExpression(one)) forget(one.expression);
    else if ((ts.isPrefixUnaryExpression(one) || ts.isPostfixUnaryExpression(one)) && (one.operator === ts.SyntaxKind.PlusPlusToken || one.operator === ts.SyntaxKind.MinusMinusToken)) forget(one.operand);
    else if (ts.isCallExpression(one) && ts.isPropertyAccessExpression(one.expression)) {
      const { expression: receiver, name } = one.expression;
      const [first] = one.arguments;
      if (changing.has(name.text) && reachable(receiver)) forgetContents(evaluate(receiver, scope), why);
      else if (name.text === "assign" && ts.isIdentifier(receiver) && receiver.text === "Object" && first && reachable(first)) forgetContents(evaluate(first, scope), why);
    }
    ts.forEachChild(one, visit);
  };
  visit(node);
}

/** As `forgetWrites`, for a function that is called nobody knows how often. */
export function forgetCallback(callback: Value, why: UnknownValue): void {
  if (isKind(callback, "function") && "body" in callback.node && callback.node.body) forgetWrites(callback.node, why, callback.scope);
}

/** What stands in the object or list is not all, or not certain. */
function forgetContents(value: Value, why: UnknownValue): void {
  if (isKind(value, "object") || isKind(value, "array")) value.unknown ??= why;
}

function declaredIn(node: t.Node, into: Set<string>): void {
  if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) && ts.isIdentifier(node.name)) into.add(node.name.text);
  ts.forEachChild(node, (child) => declaredIn(child, into));
}

/** The name that a chain of properties begins with, which can be evaluated without writing anything; undefined for other expressions. */
function rootOf(expression: t.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (expression.kind === ts.SyntaxKind.ThisKeyword) return "this";
  if (ts.isPropertyAccessExpression(expression) || ts.isParenthesizedExpression(expression) || ts.isNonNullExpression(expression) || ts.isAsExpression(expression)) return rootOf(expression.expression);
  return undefined;
}
