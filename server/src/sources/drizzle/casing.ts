// Column names made from properties, exactly as Drizzle makes them (casing.ts of drizzle-orm 0.45 and 1.0; they differ
// only beyond ASCII, where the newer one is followed).
import type { Casing } from "./values";

export function applyCasing(casing: Casing | undefined, name: string): string {
  if (casing === undefined) return name;
  const words = name.replace(/['\u2019]/g, "").match(/[\d\p{Ll}\p{Lo}]+|[\p{Lu}]+(?![\p{Ll}\p{Lo}])|[\p{Lu}][\d\p{Ll}\p{Lo}]+/gu) ?? [];
  if (casing === "snake_case") return words.map((word) => word.toLowerCase()).join("_");
  return words.map((word, i) => (i === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1))).join("");
}
