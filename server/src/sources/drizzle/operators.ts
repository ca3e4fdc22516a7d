// Operators on known values, assignments included. One unknown operand makes the result unknown, unless the other
// operand decides.
import type { ts as t } from "ts-morph";
import { evaluate } from "./evaluate";
import { bindPattern } from "./pattern";
import { findVariable, placeOf, type Scope } from "./scope";
import { ts } from "./typescript";
import { forgetWrites } from "./uncertain";
import { isComposite, isKind, truth, unknown, type Value } from "./values";

export function binary(node: t.BinaryExpression, scope: Scope): Value {
  const k = ts.SyntaxKind;
  const operator = node.operatorToken.kind;
  if (operator >= k.FirstAssignment && operator <= k.LastAssignment) return assignment(node, scope);
  const left = evaluate(node.left, scope);
  switch (operator) {
    case k.AmpersandAmpersandToken: case k.BarBarToken: {
      const holds = truth(left);
      if (holds === undefined && isKind(left, "unknown")) forgetWrites(node.right, left, scope);
      return holds === undefined || holds === (operator === k.BarBarToken) ? left : evaluate(node.right, scope);
    }
    case k.QuestionQuestionToken:
      if (isKind(left, "unknown") && !left.environment) return left;
      return left === undefined || left === null || isKind(left, "unknown") ? evaluate(node.right, scope) : left;
    case k.CommaToken: return evaluate(node.right, scope);
  }
  const right = evaluate(node.right, scope);
  if (operator === k.InstanceOfKeyword) return instanceOf(left, right);
  if (operator === k.InKeyword) return isKind(right, "object") && !isComposite(left) ? right.props.has(String(left)) : unknown("it cannot be decided", placeOf(node, scope));
  // What the environment gives is compared as not set.
  const a = environmentless(left), b = environmentless(right);
  if (operator === k.EqualsEqualsEqualsToken || operator === k.EqualsEqualsToken || operator === k.ExclamationEqualsEqualsToken || operator === k.ExclamationEqualsToken) {
    if (isKind(a, "unknown") || isKind(b, "unknown")) return unknown("the comparison cannot be decided", placeOf(node, scope));
    const loose = operator === k.EqualsEqualsToken || operator === k.ExclamationEqualsToken;
    // eslint-disable-next-line eqeqeq
    const same = loose && !isComposite(a) && !isComposite(b) ? a == b : a === b;
    return same === (operator === k.EqualsEqualsEqualsToken || operator === k.EqualsEqualsToken);
  }
  return arithmetic(operator, left, right) ?? (isKind(left, "unknown") ? left : isKind(right, "unknown") ? right : unknown("it cannot be computed", placeOf(node, scope)));
}

function environmentless(value: Value): Value {
  return isKind(value, "unknown") && value.environment ? undefined : value;
}

function instanceOf(left: Value, right: Value): Value {
  if (isKind(left, "unknown") || isKind(right, "unknown")) return unknown("it cannot be decided");
  if (!isKind(left, "object") || !isKind(right, "class")) return false;
  for (let at: Value = left.of; isKind(at, "class"); at = at.base) if (at === right) return true;
  return false;
}

function arithmetic(operator: t.SyntaxKind, left: Value, right: Value): Value {
  const k = ts.SyntaxKind;
  if (operator === k.PlusToken && (typeof left === "string" || typeof right === "string")) {
    const a = textOf(left), b = textOf(right);
    return a === undefined || b === undefined ? undefined : a + b;
  }
  if (isComposite(left) || isComposite(right)) return undefined;
  if (typeof left === "bigint" || typeof right === "bigint") return undefined;
  const a = left as number, b = right as number;
  switch (operator) {
    case k.PlusToken: return a + b;
    case k.MinusToken: return a - b;
    case k.AsteriskToken: return a * b;
    case k.SlashToken: return a / b;
    case k.PercentToken: return a % b;
    case k.AsteriskAsteriskToken: return a ** b;
    case k.LessThanToken: return left! < right!;
    case k.GreaterThanToken: return left! > right!;
    case k.LessThanEqualsToken: return left! <= right!;
    case k.GreaterThanEqualsToken: return left! >= right!;
    case k.AmpersandToken: return a & b;
    case k.BarToken: return a | b;
    case k.CaretToken: return a ^ b;
    case k.LessThanLessThanToken: return a << b;
    case k.GreaterThanGreaterThanToken: return a >> b;
  }
  return undefined;
}

function assignment(node: t.BinaryExpression, scope: Scope): Value {
  const k = ts.SyntaxKind;
  const operator = node.operatorToken.kind;
  if (operator === k.EqualsToken) {
    const value = evaluate(node.right, scope);
    assign(node.left, value, scope);
    return value;
  }
  const old = evaluate(node.left, scope);
  let value: Value;
  if (operator === k.QuestionQuestionEqualsToken) value = old ?? evaluate(node.right, scope);
  else if (operator === k.BarBarEqualsToken) value = truth(old) ? old : evaluate(node.right, scope);
  else if (operator === k.AmpersandAmpersandEqualsToken) value = truth(old) ? evaluate(node.right, scope) : old;
  else {
    const plain = { [k.PlusEqualsToken]: k.PlusToken, [k.MinusEqualsToken]: k.MinusToken, [k.AsteriskEqualsToken]: k.AsteriskToken, [k.SlashEqualsToken]: k.SlashToken, [k.PercentEqualsToken]: k.PercentToken } as Record<number, t.SyntaxKind>;
    const way = plain[operator];
    value = (way === undefined ? undefined : arithmetic(way, old, evaluate(node.right, scope))) ?? unknown("it cannot be computed", placeOf(node, scope));
  }
  assign(node.left, value, scope);
  return value;
}

/** Gives `value` to a variable, a property or a pattern. Names of the file are not changed from inside functions. */
export function assign(target: t.Expression, value: Value, scope: Scope): void {
  if (ts.isIdentifier(target)) {
    const variable = findVariable(scope, target.text);
    if (variable) variable.value = value;
  } else if (ts.isPropertyAccessExpression(target)) {
    setMember(evaluate(target.expression, scope), target.name.text, value, target, scope);
  } else if (ts.isElementAccessExpression(target)) {
    const key = evaluate(target.argumentExpression, scope);
    const object = evaluate(target.expression, scope);
    if (isComposite(key)) {
      if (isKind(object, "object")) object.unknown ??= unknown("the property's name cannot be read", placeOf(target, scope));
    } else setMember(object, String(key), value, target, scope);
  } else if (ts.isParenthesizedExpression(target) || ts.isNonNullExpression(target) || ts.isAsExpression(target)) {
    assign(target.expression, value, scope);
  } else if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) {
    bindPattern(target, value, scope);
  }
}

export function setMember(object: Value, name: string, value: Value, node: t.Node, scope: Scope): void {
  if (isKind(object, "object")) {
    object.props.set(name, value);
    object.places.set(name, placeOf(node, scope));
  } else if (isKind(object, "array")) {
    const i = Number(name);
    if (!Number.isInteger(i) || i < 0 || i > 10_000) return;
    object.items[i] = value;
    object.places[i] = placeOf(node, scope);
  } else if (isKind(object, "function") || isKind(object, "class")) object.props.set(name, value);
}

export function unary(node: t.PrefixUnaryExpression | t.PostfixUnaryExpression, scope: Scope): Value {
  const k = ts.SyntaxKind;
  const value = evaluate(node.operand, scope);
  if (node.operator === k.ExclamationToken) {
    const holds = truth(value);
    return holds === undefined ? value : !holds;
  }
  if (isComposite(value)) return isKind(value, "unknown") ? value : unknown("it cannot be computed", placeOf(node, scope));
  const number = Number(value);
  switch (node.operator) {
    case k.MinusToken: return typeof value === "bigint" ? -value : -number;
    case k.PlusToken: return number;
    case k.TildeToken: return ~number;
    default: {
      const next = node.operator === k.PlusPlusToken ? number + 1 : number - 1;
      assign(node.operand, next, scope);
      return ts.isPostfixUnaryExpression(node) ? number : next;
    }
  }
}

/** As in a template string; undefined where it cannot be known. */
export function textOf(value: Value): string | undefined {
  if (!isComposite(value)) return String(value);
  if (isKind(value, "array")) {
    const items = value.items.map((item) => (item === undefined || item === null ? "" : textOf(item)));
    return value.unknown || items.includes(undefined) ? undefined : items.join(",");
  }
  return undefined;
}
