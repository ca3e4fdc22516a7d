// Every source of schema code that Plumbline reads.
import { drizzle } from "./drizzle";
import { prisma } from "./prisma";
import type { Source } from "./source";

export const sources: readonly Source[] = [drizzle, prisma];
