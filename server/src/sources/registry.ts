// Every source of schema code that Plumbline reads.
import type { Source } from "./source";

export const sources: readonly Source[] = [];
