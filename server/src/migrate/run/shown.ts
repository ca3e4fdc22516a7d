// Whether what would run is what somebody was shown before they agreed to it: between the two a file may be edited, a branch
// pulled, or another runner come first. Pure.
import { hashOf } from "../journal/marker";
import type { ShownMigration } from "../plan";
import type { Task } from "./context";

/** What a run would carry out. */
export function shownOf(tasks: readonly Pick<Task, "migration" | "steps">[]): readonly ShownMigration[] {
  return tasks.map(({ migration: { id }, steps: { part } }) => ({ id, hash: hashOf(part) }));
}

/** A full sentence on what was not shown, or otherwise; undefined: nothing. What was shown and is done by now stops nobody. */
export function unlikeShown(running: readonly ShownMigration[], shown: readonly ShownMigration[]): string | undefined {
  const other = running.find(({ id, hash }) => !shown.some((one) => one.id === id && one.hash === hash));
  return other && `${other.id} ${shown.some(({ id }) => id === other.id) ? "is another one than was shown: it was changed in between" : "was not among those that were shown: it came in between"}. Look at what would run, and confirm that.`;
}
