// The Drizzle source: TypeScript schemas read statically, nothing of the project executed.
import type { Source } from "../source";
import { edit } from "./edit";
import { open, owns } from "./session";

export const drizzle: Source = { name: "drizzle", owns, open, edit };
