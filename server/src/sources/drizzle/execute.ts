// Statements of a function's body, in turn. A statement ends normally, or by a return, break, continue or throw.
import type { ts as t } from "ts-morph";
import { makeClass } from "./class";
import { evaluate } from "./evaluate";
import { functionValue, namespaceObject } from "./machine";
import { evaluateEnum, evaluateNamespace } from "./namespace";
import { bindPattern } from "./pattern";
import { childScope, declare, placeOf, type Scope } from "./scope";
import { ts } from "./typescript";
import { forgetWrites } from "./uncertain";
import { isComposite, isKind, truth, unknown, type UnknownValue, type Value } from "./values";

export type Completion =
  | { readonly kind: "return"; readonly value: Value }
  | { readonly kind: "throw"; readonly value: Value }
  | { readonly kind: "break" | "continue" };

/** Runs a body's statements in a scope of their own making; undefined where the end is reached. */
export function executeAll(statements: readonly t.Statement[], scope: Scope): Completion | undefined {
  for (const statement of statements) if (ts.isFunctionDeclaration(statement)) execute(statement, scope);
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement)) continue;
    const completion = execute(statement, scope);
    if (completion) return completion;
  }
  return undefined;
}

export function execute(statement: t.Statement, scope: Scope): Completion | undefined {
  if (--scope.machine.steps < 0) return { kind: "return", value: unknown("it takes too many steps to evaluate", placeOf(statement, scope)) };
  if (ts.isVariableStatement(statement)) {
    for (const one of statement.declarationList.declarations) bindPattern(one.name, one.initializer && evaluate(one.initializer, scope), scope);
  } else if (ts.isReturnStatement(statement)) {
    return { kind: "return", value: statement.expression && evaluate(statement.expression, scope) };
  } else if (ts.isExpressionStatement(statement)) {
    evaluate(statement.expression, scope);
  } else if (ts.isIfStatement(statement)) {
    return executeIf(statement, scope);
  } else if (ts.isBlock(statement)) {
    return executeAll(statement.statements, childScope(scope));
  } else if (ts.isFunctionDeclaration(statement)) {
    if (statement.name && statement.body) declare(scope, statement.name.text, functionValue(statement, scope));
  } else if (ts.isClassDeclaration(statement)) {
    if (statement.name) declare(scope, statement.name.text, makeClass(statement, scope));
  } else if (ts.isEnumDeclaration(statement)) {
    declare(scope, statement.name.text, evaluateEnum(statement, scope));
  } else if (ts.isModuleDeclaration(statement)) {
    declare(scope, statement.name.text, evaluateNamespace(statement, scope));
  } else if (ts.isForOfStatement(statement)) {
    return executeForOf(statement, scope);
  } else if (ts.isForStatement(statement)) {
    return executeFor(statement, scope);
  } else if (ts.isForInStatement(statement)) {
    return executeForIn(statement, scope);
  } else if (ts.isWhileStatement(statement) || ts.isDoStatement(statement)) {
    return executeWhile(statement, scope);
  } else if (ts.isSwitchStatement(statement)) {
    return executeSwitch(statement, scope);
  } else if (ts.isTryStatement(statement)) {
    const completion = executeAll(statement.tryBlock.statements, childScope(scope));
    if (completion?.kind === "throw" && statement.catchClause) {
      const inner = childScope(scope);
      const { variableDeclaration, block } = statement.catchClause;
      if (variableDeclaration) bindPattern(variableDeclaration.name, completion.value, inner);
      return executeAll(block.statements, inner);
    }
    return completion;
  } else if (ts.isThrowStatement(statement)) {
    return { kind: "throw", value: unknown("an error is thrown here", placeOf(statement, scope)) };
  } else if (ts.isBreakStatement(statement)) {
    return { kind: "break" };
  } else if (ts.isContinueStatement(statement)) {
    return { kind: "continue" };
  } else if (ts.isLabeledStatement(statement)) {
    return execute(statement.statement, scope);
  }
  return undefined;
}

function executeIf(statement: t.IfStatement, scope: Scope): Completion | undefined {
  const holds = truth(evaluate(statement.expression, scope));
  if (holds === undefined) {
    // Neither branch may be believed where one of them leaves the function.
    const { thenStatement, elseStatement } = statement;
    if (onlyThrows(thenStatement)) return elseStatement ? execute(elseStatement, childScope(scope)) : undefined;
    return skipped(statement, unknown("the condition cannot be decided", placeOf(statement.expression, scope)), scope);
  }
  const branch = holds ? statement.thenStatement : statement.elseStatement;
  return branch && execute(branch, childScope(scope));
}

/** The end of a statement that cannot be followed: what it may have written is forgotten, and so is the result where it may leave the function. */
function skipped(statement: t.Statement, why: UnknownValue, scope: Scope): Completion | undefined {
  forgetWrites(statement, why, scope);
  return leaves(statement) ? { kind: "return", value: why } : undefined;
}

function leaves(node: t.Node): boolean {
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => leaves(child) || undefined) ?? false;
}

function onlyThrows(node: t.Statement): boolean {
  if (ts.isThrowStatement(node)) return true;
  return ts.isBlock(node) && node.statements.length > 0 && ts.isThrowStatement(node.statements[node.statements.length - 1]!);
}

function itemsOf(value: Value, scope: Scope): readonly Value[] | undefined {
  if (isKind(value, "array")) return value.unknown ? undefined : value.items;
  if (typeof value === "string") return [...value];
  return isKind(value, "namespace") ? itemsOf(namespaceObject(scope.machine, value.file), scope) : undefined;
}

function bindLoop(initializer: t.ForInitializer, value: Value, scope: Scope): void {
  if (ts.isVariableDeclarationList(initializer)) bindPattern(initializer.declarations[0]!.name, value, scope);
  else bindPattern(initializer, value, scope);
}

function executeForOf(statement: t.ForOfStatement, scope: Scope): Completion | undefined {
  const items = itemsOf(evaluate(statement.expression, scope), scope);
  if (!items) return skipped(statement, unknown("what it loops over cannot be read", placeOf(statement.expression, scope)), scope);
  for (const item of [...items]) {
    const inner = childScope(scope);
    bindLoop(statement.initializer, item, inner);
    const completion = execute(statement.statement, inner);
    if (completion?.kind === "break") break;
    if (completion && completion.kind !== "continue") return completion;
  }
  return undefined;
}

function executeForIn(statement: t.ForInStatement, scope: Scope): Completion | undefined {
  const value = evaluate(statement.expression, scope);
  if (value === undefined || value === null) return undefined;
  const names = isKind(value, "object") ? [...value.props.keys()] : isKind(value, "array") ? value.items.map((_, i) => String(i)) : undefined;
  if (!names || ((isKind(value, "object") || isKind(value, "array")) && value.unknown)) return skipped(statement, unknown("what it loops over cannot be read", placeOf(statement.expression, scope)), scope);
  for (const name of names) {
    const inner = childScope(scope);
    bindLoop(statement.initializer, name, inner);
    const completion = execute(statement.statement, inner);
    if (completion?.kind === "break") break;
    if (completion && completion.kind !== "continue") return completion;
  }
  return undefined;
}

function executeFor(statement: t.ForStatement, scope: Scope): Completion | undefined {
  const inner = childScope(scope);
  const { initializer } = statement;
  if (initializer && ts.isVariableDeclarationList(initializer)) for (const one of initializer.declarations) bindPattern(one.name, one.initializer && evaluate(one.initializer, inner), inner);
  else if (initializer) evaluate(initializer, inner);
  while (scope.machine.steps > 0) {
    const goesOn = statement.condition === undefined || truth(evaluate(statement.condition, inner));
    if (goesOn === undefined) return skipped(statement, unknown("the loop's condition cannot be decided", placeOf(statement, scope)), inner);
    if (!goesOn) return undefined;
    const completion = execute(statement.statement, childScope(inner));
    if (completion?.kind === "break") return undefined;
    if (completion && completion.kind !== "continue") return completion;
    if (statement.incrementor) evaluate(statement.incrementor, inner);
    scope.machine.steps--;
  }
  return { kind: "return", value: unknown("the loop takes too many steps", placeOf(statement, scope)) };
}

function executeWhile(statement: t.WhileStatement | t.DoStatement, scope: Scope): Completion | undefined {
  let first = ts.isDoStatement(statement);
  while (scope.machine.steps-- > 0) {
    const goesOn = first || truth(evaluate(statement.expression, scope));
    if (goesOn === undefined) return skipped(statement, unknown("the loop's condition cannot be decided", placeOf(statement.expression, scope)), scope);
    if (!goesOn) return undefined;
    first = false;
    const completion = execute(statement.statement, childScope(scope));
    if (completion?.kind === "break") return undefined;
    if (completion && completion.kind !== "continue") return completion;
  }
  return { kind: "return", value: unknown("the loop takes too many steps", placeOf(statement, scope)) };
}

function executeSwitch(statement: t.SwitchStatement, scope: Scope): Completion | undefined {
  const value = evaluate(statement.expression, scope);
  if (isComposite(value)) return { kind: "return", value: isKind(value, "unknown") ? value : unknown("the case cannot be decided", placeOf(statement.expression, scope)) };
  const { clauses } = statement.caseBlock;
  const inner = childScope(scope);
  let from = clauses.findIndex((clause) => ts.isCaseClause(clause) && evaluate(clause.expression, inner) === value);
  if (from < 0) from = clauses.findIndex((clause) => ts.isDefaultClause(clause));
  if (from < 0) return undefined;
  for (const clause of clauses.slice(from)) {
    const completion = executeAll(clause.statements, inner);
    if (completion?.kind === "break") return undefined;
    if (completion) return completion;
  }
  return undefined;
}
