// The TypeScript inside ts-morph, so that the bundle holds one. It costs half a second of CPU to load, so nothing
// asks for it before the first TypeScript file is parsed.
import type { ts as compiler } from "ts-morph";

type Compiler = typeof compiler;

/** The compiler, once `loadTypescript` has run. */
export let ts: Compiler;

/** Loads the compiler at the first call. */
export function loadTypescript(): void {
  ts ??= (require("ts-morph") as typeof import("ts-morph")).ts;
}
