// Arrays: the methods that schemas build columns, indexes and values with. Items keep the places that they came from.
import { callValue } from "./call";
import { textOf } from "./operators";
import { forgetCallback } from "./uncertain";
import { arrayOf, isComposite, isKind, truth, unknown, type ArrayValue, type CallSite, type Place, type Value } from "./values";

export function arrayMember(array: ArrayValue, name: string): Value {
  if (name === "length" || name === "size") return array.unknown ?? array.items.length;
  const i = Number(name);
  return name !== "" && Number.isInteger(i) ? (array.items[i] ?? array.unknown) : undefined;
}

export function arrayMethod(array: ArrayValue, name: string, args: readonly Value[], site: CallSite): Value {
  const { items, places } = array;
  const [first, second] = args;
  const apply = (item: Value, i: number): Value => callValue(first, [item, i, array], site);
  const unreadable = (what: string): Value => unknown(what, site.place);
  const pick = (indexes: readonly number[]): ArrayValue => ({ ...arrayOf(indexes.map((i) => items[i]), indexes.map((i) => places[i])), unknown: array.unknown });
  const all = items.map((_, i) => i);
  switch (name) {
    case "map": return { ...arrayOf(items.map(apply), places), unknown: array.unknown };
    case "forEach":
      items.forEach(apply);
      if (array.unknown) forgetCallback(first, array.unknown);
      return undefined;
    case "filter": {
      const kept: number[] = [];
      for (const i of all) {
        const holds = truth(isKind(first, "native") && first.name === "Boolean" ? items[i] : apply(items[i], i));
        if (holds === undefined) return unreadable("the filter's condition cannot be decided");
        if (holds) kept.push(i);
      }
      return pick(kept);
    }
    case "flatMap": return flat({ ...arrayOf(items.map(apply), places), unknown: array.unknown }, 1);
    case "flat": return flat(array, typeof first === "number" ? Math.min(first, 10) : 1);
    case "reduce": {
      if (array.unknown) return array.unknown;
      let at = 0, value = args.length > 1 ? second : items[at++];
      for (; at < items.length; at++) value = callValue(first, [value, items[at], at, array], site);
      return value;
    }
    case "find": case "findIndex": case "some": case "every": {
      for (const i of all) {
        const holds = truth(apply(items[i], i));
        if (holds === undefined) return unreadable("the condition cannot be decided");
        if (holds !== (name === "every")) return name === "find" ? items[i] : name === "findIndex" ? i : holds;
      }
      return array.unknown ?? (name === "find" ? undefined : name === "findIndex" ? -1 : name === "every");
    }
    case "includes": case "has": return items.includes(first) ? true : (array.unknown ?? false);
    case "indexOf": return array.unknown ?? items.indexOf(first);
    case "concat": {
      const joined = pick(all);
      for (const more of args) {
        if (isKind(more, "array")) {
          joined.items.push(...more.items);
          joined.places.push(...more.places);
          joined.unknown ??= more.unknown;
        } else if (isKind(more, "unknown")) joined.unknown ??= more;
        else { joined.items.push(more); joined.places.push(site.place); }
      }
      return joined;
    }
    case "slice": return pick(all.slice(first as number | undefined, second as number | undefined));
    case "join": return array.unknown ?? joinText(items, first) ?? unreadable("the text cannot be read");
    case "push": case "add": for (const item of args) { items.push(item); places.push(site.place); } return items.length;
    case "unshift": items.unshift(...args); places.unshift(...args.map((): Place => site.place)); return items.length;
    case "pop": places.pop(); return items.pop();
    case "shift": places.shift(); return items.shift();
    case "splice": case "fill": case "delete": case "clear":
      array.unknown ??= unknown(`what "${name}" makes of the list is not known`, site.place);
      return array.unknown;
    case "reverse": case "toReversed": return pick(all.reverse());
    case "sort": case "toSorted": return sorted(array, first, site);
    case "at": return typeof first === "number" ? items.at(first) : unreadable("the index cannot be read");
    case "keys": return arrayOf(all);
    case "values": return array;
    case "entries": return { ...arrayOf(items.map((item, i) => arrayOf([i, item])), places), unknown: array.unknown };
    case "toString": return joinText(items, ",") ?? unreadable("the text cannot be read");
  }
  return unreadable(`"${name}" of an array is not known`);
}

/** One level or more of nested arrays laid flat. */
export function flat(array: ArrayValue, depth: number): ArrayValue {
  const result: ArrayValue = { ...arrayOf([]), unknown: array.unknown };
  array.items.forEach((item, i) => {
    if (isKind(item, "array") && depth > 0) {
      const inner = flat(item, depth - 1);
      result.items.push(...inner.items);
      result.places.push(...inner.places.map((place) => place ?? array.places[i]));
      result.unknown ??= inner.unknown;
    } else {
      result.items.push(item);
      result.places.push(array.places[i]);
    }
  });
  return result;
}

function joinText(items: readonly Value[], separator: Value): string | undefined {
  const texts = items.map((item) => (item === undefined || item === null ? "" : textOf(item)));
  return texts.includes(undefined) ? undefined : texts.join(separator === undefined ? "," : String(separator));
}

function sorted(array: ArrayValue, compare: Value, site: CallSite): Value {
  if (array.items.some(isComposite) && compare === undefined) return unknown("the order cannot be read", site.place);
  let decided = true;
  const order = array.items.map((_, i) => i).sort((a, b) => {
    const x = array.items[a], y = array.items[b];
    if (compare === undefined) return String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0;
    const result = callValue(compare, [x, y], site);
    if (typeof result !== "number") decided = false;
    return typeof result === "number" ? result : 0;
  });
  return decided ? { ...arrayOf(order.map((i) => array.items[i]), order.map((i) => array.places[i])), unknown: array.unknown } : unknown("the order cannot be read", site.place);
}
