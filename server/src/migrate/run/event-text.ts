// What a run tells, in words: the same ones in the terminal, in the editor and to an application that migrates at its start.
import type { RunEvent } from "./progress";

export interface EventText {
  readonly text: string;
  readonly kind:
    /** Something begins: the next line may take its place. */
    | "step"
    /** How far that is. */
    | "progress"
    /** For whom it waits: whoever reads a pipeline's log must see that, too. */
    | "waiting"
    /** A full sentence that a person should still read when all is over. */
    | "notice"
    /** It is over; for a log. */
    | "ended";
}

/** Of one run: each event's words tell which statement it is about. */
export function eventTexts(): (event: RunEvent) => EventText {
  /** "0002_add_index (2 of 3): create index". */
  let doing = "";
  return (event) => {
    switch (event.kind) {
      case "waiting for the runner's lock": return { kind: "waiting", text: `Waiting for another run to end${event.holder === undefined ? "" : ` (${event.holder})`}.` };
      case "migration started": return { kind: "step", text: `${event.migration.id}${event.direction === "down" ? ", down" : ""}` };
      case "statement started": {
        doing = `${event.migration ? `${event.migration.id} ` : ""}(${event.number} of ${event.of}): ${event.statement.effect.title}`;
        return { kind: "step", text: doing };
      }
      case "lock not granted": return { kind: "waiting", text: `${doing} waits for its lock${event.blockers.length > 0 ? `, which ${event.blockers.join(", ")} hold${event.blockers.length === 1 ? "s" : ""}` : ""}; attempt ${event.attempt}, again in ${event.pause} ms` };
      case "progress": return { kind: "progress", text: `${doing}: ${event.phase}${event.done === undefined || event.done === 0 ? "" : ` ${Math.round(event.done * 100)} %`}${event.waitsFor && event.waitsFor.length > 0 ? `, waits for ${event.waitsFor.join(", ")}` : ""}` };
      case "recovered":
      case "notice": return { kind: "notice", text: event.message };
      case "statement ended": return { kind: "ended", text: `${event.statement.effect.title}: ${Math.round(event.milliseconds)} ms` };
      case "migration ended": return { kind: "ended", text: `${event.migration.id}: done in ${Math.round(event.milliseconds)} ms` };
    }
  };
}
