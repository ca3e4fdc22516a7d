// Generated from the folder.
import type { Rule } from "./rule";

export const rules: ReadonlyMap<string, Rule> = new Map();
