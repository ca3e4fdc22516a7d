// Every source of schema code that Plumbline reads.
import { prisma } from "./prisma";
import type { Source } from "./source";

export const sources: readonly Source[] = [prisma];
