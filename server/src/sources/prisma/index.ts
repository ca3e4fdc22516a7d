// The Prisma source: reads .prisma files with a parser of our own and writes changes as text edits.
import type { Source } from "../source";
import { openSession } from "./session";

export const prisma: Source = {
  name: "prisma",
  owns: (file) => file.endsWith(".prisma"),
  open: openSession,
  edit: () => undefined,
};
