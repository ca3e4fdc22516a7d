// The process's side that people and pipes see: standard output for findings, standard error for everything else,
// colour only on a terminal. Commands get it as a value and touch no process themselves.
import { createColors } from "picocolors";

export interface Terminal {
  /** Findings, models, diffs: what a pipe is for. */
  write(text: string): void;
  /** Everything else, a line without its end. */
  tell(line: string): void;
  /** What is being waited for, without its full stop, on a line that the next output takes away; undefined: nothing any more. Shown to people alone. */
  progress(message: string | undefined): void;
  readonly colors: ReturnType<typeof createColors>;
  readonly errorColors: ReturnType<typeof createColors>;
  /** Standard output is a terminal, not a pipe or a file. */
  readonly interactive: boolean;
  /** A person can be asked: standard input and standard error are terminals. */
  readonly asks: boolean;
  /** Columns to write in. */
  readonly width: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The exit codes of every command. */
export const exit = { clean: 0, findings: 1, refused: 2 } as const;

export function processTerminal(): Terminal {
  // A reader that goes away (`plumbline check | head`) ends the output, not with a stack trace.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const errorColors = createColors(wantsColor(process.stderr));
  let waiting = false;
  const progress = (message: string | undefined): void => {
    if (process.stderr.isTTY !== true || (message === undefined && !waiting)) return;
    waiting = message !== undefined;
    process.stderr.write(`\r\u001b[K${message === undefined ? "" : errorColors.dim(`${message} …`)}`);
  };
  return {
    write(text) {
      progress(undefined);
      process.stdout.write(text);
    },
    tell(line) {
      progress(undefined);
      process.stderr.write(`${line}\n`);
    },
    progress,
    colors: createColors(wantsColor(process.stdout)),
    errorColors,
    interactive: process.stdout.isTTY === true,
    asks: process.stdin.isTTY === true && process.stderr.isTTY === true,
    width: Math.min(Math.max(process.stdout.columns || 100, 40), 140),
    environment: process.env,
  };
}

/** https://no-color.org: any value that is not empty turns colour off. */
function wantsColor(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, TERM } = process.env;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === "") && TERM !== "dumb";
}
