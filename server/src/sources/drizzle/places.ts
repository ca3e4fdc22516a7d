// Places of values as ranges of the file.
import type { ts as t } from "ts-morph";
import type { SourceRange } from "../../model/schema";
import { rangeIn, rangeOf, type Chunk } from "./chunk";
import { placeWithin } from "./scope";
import { ts } from "./typescript";
import type { Place } from "./values";

export function statementRange(chunk: Chunk): SourceRange {
  return rangeIn(chunk, chunk.start, chunk.end);
}

export function rangeOfPlace({ chunk, node, from }: Place): SourceRange {
  return from ? rangeIn(chunk, from.getStart(chunk.source), node.end) : rangeOf(chunk, node);
}

/** An element of the extra config: the expression, without the key that an object gives it. */
export function elementRange(place: Place): SourceRange {
  const { node } = place;
  return ts.isPropertyAssignment(node) ? rangeOf(place.chunk, node.initializer) : rangeOfPlace({ ...place, from: undefined });
}

/** The constant or property of the statement that holds what is made at `place`. */
export function nameInStatement(chunk: Chunk, place: Place | undefined): { readonly text: string; readonly node: t.Node } | undefined {
  const { statement } = chunk;
  const made = placeWithin(place, chunk)?.node;
  if (!ts.isVariableStatement(statement)) {
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) return { text: statement.name.text, node: statement.name };
    return undefined;
  }
  const { declarations } = statement.declarationList;
  const declaration = declarations.find((one) => made && one.pos <= made.pos && made.end <= one.end) ?? declarations[0];
  if (!declaration) return undefined;
  let name: t.Node = declaration.name;
  let at = declaration.initializer;
  // Into `{ users: pgTable(…) }`, but not into the arguments of a call.
  for (;;) {
    while (at && (ts.isAsExpression(at) || ts.isSatisfiesExpression(at) || ts.isParenthesizedExpression(at))) at = at.expression;
    if (!at || !made || !ts.isObjectLiteralExpression(at)) break;
    const property = at.properties.find((one): one is t.PropertyAssignment => ts.isPropertyAssignment(one) && one.pos <= made.pos && made.end <= one.end);
    if (!property) break;
    name = property.name;
    at = property.initializer;
  }
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return { text: name.text, node: name };
  return undefined;
}
