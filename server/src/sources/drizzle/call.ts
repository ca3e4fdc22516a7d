// Calls: functions of the project are entered, known ones answered, and what an unknown one would return is unknown.
import type { ts as t } from "ts-morph";
import { instantiate } from "./class";
import { evaluate, evaluateNames, spreadItems } from "./evaluate";
import { executeAll } from "./execute";
import { method } from "./member";
import { bindPattern } from "./pattern";
import { declare, findVariable, functionScope, placeOf, receiverOf, type Scope } from "./scope";
import { ts } from "./typescript";
import { arrayOf, isKind, unknown, type CallSite, type FunctionValue, type Place, type Value } from "./values";

/** How deep functions may call each other. */
const depthLimit = 120;

export function call(node: t.CallExpression, scope: Scope): Value {
  const { expression } = node;
  const place = placeOf(node, scope);
  if (ts.isPropertyAccessExpression(expression)) {
    const receiver = expression.expression.kind === ts.SyntaxKind.SuperKeyword ? superOf(scope) : evaluate(expression.expression, scope);
    if ((expression.questionDotToken || node.questionDotToken) && (receiver === undefined || receiver === null)) return undefined;
    const site: CallSite = { place: { ...place, from: expression.name }, scope };
    // Arguments are evaluated when somebody looks at them: `$defaultFn(…)` and unknown functions do not.
    return method(receiver, expression.name.text, argumentsOf(node, scope), site);
  }
  if (expression.kind === ts.SyntaxKind.SuperKeyword) {
    const receiver = receiverOf(scope), base = superOf(scope);
    if (isKind(base, "class")) instantiate(base, argumentsOf(node, scope)(), place, scope, receiver);
    return undefined;
  }
  const callee = evaluate(expression, scope);
  if (node.questionDotToken && (callee === undefined || callee === null)) return undefined;
  if (isKind(callee, "native") && callee.soft) return callee.call(node.arguments.map((argument) => evaluateNames(argument, scope)), { place, scope });
  if (isKind(callee, "unknown")) return unknownCall(callee, place, argumentsOf(node, scope));
  return callValue(callee, argumentsOf(node, scope)(), { place, scope });
}

/** The result of a call of something unknown remembers its first argument: it may be a column's name. */
export function unknownCall(callee: Value, place: Place, args: () => readonly Value[]): Value {
  const reason = isKind(callee, "unknown") ? callee.reason : "what is called here is not known";
  return { ...unknown(reason, place), environment: isKind(callee, "unknown") && callee.environment, call: { firstArgument: () => args()[0] } };
}

/** The arguments, evaluated once and when asked for. */
export function argumentsOf(node: { readonly arguments?: readonly t.Expression[] }, scope: Scope): () => readonly Value[] {
  let values: Value[] | undefined;
  return () => {
    if (values) return values;
    values = [];
    for (const argument of node.arguments ?? []) {
      if (ts.isSpreadElement(argument)) {
        const list = arrayOf([]);
        spreadItems(list, evaluate(argument.expression, scope), placeOf(argument, scope));
        values.push(...list.items);
      } else values.push(evaluate(argument, scope));
    }
    return values;
  };
}

/** Calls any value. */
export function callValue(callee: Value, args: readonly Value[], site: CallSite, receiver?: { readonly value: Value }): Value {
  if (isKind(callee, "function")) return callFunction(callee, args, site, receiver);
  if (isKind(callee, "native")) return callee.call(args, site);
  if (isKind(callee, "enum")) return method(callee, "()", () => args, site);
  return unknownCall(callee, site.place, () => args);
}

function callFunction(callee: FunctionValue, args: readonly Value[], { place, scope: from }: CallSite, receiver?: { readonly value: Value }): Value {
  const { machine } = from;
  if (machine.depth >= depthLimit) return unknown("functions call each other too deeply", place);
  const { node } = callee;
  const bound = callee.receiver;
  const binding = ts.isArrowFunction(node) ? undefined : (receiver ?? { value: bound });
  const scope = functionScope(callee.scope, binding, place);
  if (node.asteriskToken) return unknown("a generator is not evaluated", place);
  if (ts.isFunctionExpression(node) && node.name) declare(scope, node.name.text, callee);
  bindParameters(node, args, scope);
  const { body } = node as t.FunctionLikeDeclaration & { readonly body?: t.ConciseBody };
  if (!body) return undefined;
  machine.depth++;
  try {
    if (!ts.isBlock(body)) return evaluate(body, scope);
    const completion = executeAll(body.statements, scope);
    return completion?.kind === "return" || completion?.kind === "throw" ? completion.value : undefined;
  } finally {
    machine.depth--;
  }
}

export function bindParameters(node: t.SignatureDeclaration, args: readonly Value[], scope: Scope): void {
  let i = 0;
  for (const parameter of node.parameters) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === "this") continue;
    if (parameter.dotDotDotToken) {
      bindPattern(parameter.name, arrayOf(args.slice(i)), scope);
      return;
    }
    const given = args[i++];
    bindPattern(parameter.name, given === undefined && parameter.initializer ? evaluate(parameter.initializer, scope) : given, scope);
  }
}

export function construct(callee: Value, args: readonly t.Expression[], node: t.Node, scope: Scope): Value {
  const place = placeOf(node, scope);
  const values = argumentsOf({ arguments: args }, scope);
  if (isKind(callee, "class")) return instantiate(callee, values(), place, scope);
  if (isKind(callee, "native")) return callee.call(values(), { place, scope });
  return unknownCall(callee, place, values);
}

function superOf(scope: Scope): Value {
  const variable = findVariable(scope, "\0super");
  return variable?.value;
}
