// Where the words of a run go in the editor: how far it is to a progress notification, everything that begins or ends to the
// log, and what a person should still read when it is over is kept.
import { eventTexts } from "../migrate/run/event-text";
import type { RunEvent } from "../migrate/run/progress";
import { editorWords } from "./editor-words";

export interface RunTeller {
  event(event: RunEvent): void;
  /** Full sentences: notices of the server, indexes that were recovered. */
  readonly notices: readonly string[];
}

export function runTeller(tell: (message: string) => void, log: (line: string) => void): RunTeller {
  const textOf = eventTexts();
  const notices: string[] = [];
  return {
    notices,
    event(event) {
      const { kind, text: said } = textOf(event);
      const text = editorWords(said);
      if (kind === "notice") notices.push(text);
      else if (kind !== "ended") tell(text);
      if (kind !== "progress") log(text);
    },
  };
}
