// What a run tells while it goes on, in words: one line for a progress notification, lines for the log, and what a person
// should still read when it is over.
import type { RunEvent } from "../migrate/run/progress";

export interface RunTeller {
  event(event: RunEvent): void;
  /** Full sentences: notices of the server, indexes that were recovered. */
  readonly notices: readonly string[];
}

export function runTeller(tell: (message: string) => void, log: (line: string) => void): RunTeller {
  const notices: string[] = [];
  /** "0002_add_index (2 of 3): create index". */
  let doing = "";
  const say = (message: string): void => {
    tell(message);
    log(message);
  };
  return {
    notices,
    event(event) {
      switch (event.kind) {
        case "waiting for the runner's lock": return say(`another run is under way${event.holder === undefined ? "" : ` (${event.holder})`}: waiting for it`);
        case "migration started": return say(`${event.migration.id}${event.direction === "down" ? ", down" : ""}`);
        case "statement started": {
          doing = `${event.migration ? `${event.migration.id} ` : ""}(${event.number} of ${event.of}): ${event.statement.effect.title}`;
          return say(doing);
        }
        case "lock not granted": return say(`${doing}: the lock is held${event.blockers.length > 0 ? ` by ${event.blockers.join(", ")}` : ""}; attempt ${event.attempt}, again in ${event.pause} ms`);
        case "progress": return tell(`${doing}: ${event.phase}${event.done === undefined || event.done === 0 ? "" : ` ${Math.round(event.done * 100)} %`}${event.waitsFor && event.waitsFor.length > 0 ? `, waits for ${event.waitsFor.join(", ")}` : ""}`);
        case "recovered":
        case "notice": {
          notices.push(event.message);
          return log(event.message);
        }
        case "statement ended": return log(`${event.statement.effect.title}: ${Math.round(event.milliseconds)} ms`);
        case "migration ended": return log(`${event.migration.id}: done in ${Math.round(event.milliseconds)} ms`);
      }
    },
  };
}
