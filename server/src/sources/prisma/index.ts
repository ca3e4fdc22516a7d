// The Prisma source: reads .prisma files with a parser of our own and writes changes as text edits.
import type { Source } from "../source";
import { edit } from "./edit";
import { openSession } from "./session";

export { contextAt, type IndexContext } from "./context";

export const prisma: Source = {
  name: "prisma",
  owns: (file) => file.endsWith(".prisma"),
  open: openSession,
  edit,
};
