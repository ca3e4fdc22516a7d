// A migration that was begun and not finished: whether a run may go on with it, and what that means. Shared by the plan and
// the runner, so that what was shown is what runs. Pure.
import type { State, Task } from "./context";
import { hashOf } from "../journal/marker";
import { needsMarker } from "./stepwise";
import { capital } from "../../model/words";

/** Why what was begun cannot be gone on with: it does not come first, its text is another one, or nobody marked how far it came. */
export function notToGoOn(tasks: readonly Task[], { marker }: Pick<State, "marker">): string | undefined {
  const [first] = tasks;
  if (marker && first && (first.migration.id !== marker.migration || first.direction !== marker.direction)) return `${marker.migration} was begun (${marker.direction}) and not finished. Run "plumbline migrate repair" first.`;
  if (first && wasChanged(first, marker)) return changedSince(first);
  const unmarked = tasks.find((one) => isForeign(one, marker));
  return unmarked && begunElsewhere(unmarked, 'Run "plumbline migrate repair", which looks at what is there.');
}

/** It was begun with another text. */
export function wasChanged({ migration, steps }: Task, marker: State["marker"]): boolean {
  return marker?.migration === migration.id && marker.hash !== hashOf(steps.part);
}

export function changedSince({ migration }: Task): string {
  return `${migration.id} was changed after it had been begun: restore its file as it was, let it come to its end, and put the change into a new migration. Where it cannot come to its end: ${decideByHand}`;
}

const decideByHand = 'bring the database by hand to where all of it is there, or nothing, and record that: "plumbline migrate repair --applied", or "--rolled-back".';

/** Another tool has begun it, or nobody has marked how far it came. */
export function isForeign(one: Task, marker: State["marker"]): boolean {
  return one.begun && !one.untouched && one.migration.id !== marker?.migration && needsMarker(one);
}

export function begunElsewhere({ migration }: Task, why = "Nothing tells which of its statements have run."): string {
  return `${migration.id} was begun by another tool. ${why} ${capital(decideByHand)}`;
}

/** How a run goes on with it, in full sentences; undefined: it was not begun. */
export function howItGoesOn({ migration, begun, steps: { steps } }: Task, { marker }: Pick<State, "marker">): string | undefined {
  if (marker?.migration === migration.id) return `It was begun and not finished: ${marker.done} of its ${steps.length} steps are done, and it goes on behind them.`;
  return begun ? "It was begun and not finished. What is there is looked at first: an INVALID index is dropped and built again, a valid one is recorded." : undefined;
}
