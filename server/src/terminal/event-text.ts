// What a run tells, in a line each: progress that the next line may take the place of, or a message that stays.
import type { RunEvent } from "../migrate/run/progress";

export interface EventText {
  readonly text: string;
  readonly stays: boolean;
}

/** Undefined where there is nothing to say; of the end of a migration, an empty text: the progress is over. */
export function eventText(event: RunEvent): EventText | undefined {
  const progress = (text: string): EventText => ({ text, stays: false });
  const message = (text: string): EventText => ({ text, stays: true });
  switch (event.kind) {
    // Whoever reads a pipeline's log must see for whom it waits, too.
    case "waiting for the runner's lock": return message(`Waiting for another run to end${event.holder === undefined ? "" : ` (${event.holder})`}.`);
    case "migration started": return progress(`${event.migration.id} ${event.direction}`);
    case "statement started": return progress(`${event.migration?.id ?? ""} ${event.number} of ${event.of}: ${event.statement.effect.title}`.trim());
    case "lock not granted": return message(`${event.statement.effect.title} waits for its lock, attempt ${event.attempt}${event.blockers.length > 0 ? `; in its way: ${event.blockers.join(", ")}` : ""}`);
    case "progress": return progress(`${event.phase}${event.done === undefined ? "" : ` ${Math.round(event.done * 100)} %`}${event.waitsFor?.length ? `, waits for ${event.waitsFor.join(", ")}` : ""}`);
    case "recovered":
    case "notice": return message(event.message);
    case "statement ended": return undefined;
    case "migration ended": return progress("");
  }
}
