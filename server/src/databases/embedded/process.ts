// The embedded PostgreSQL's process, seen from the one that starts it: requests over the channel of child_process.fork,
// one answer each. It ends when it was idle for a while; whoever calls again starts another.
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { DatabaseError } from "../database";
import type { Answer, Numbered, Request } from "./protocol";

export interface ProcessOptions {
  /** The folder that holds embedded.js and pglite/. */
  readonly runtime: string;
  /** Milliseconds without a request after which the process ends. */
  readonly idle: number;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: DatabaseError) => void;
}

type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** A process of the embedded PostgreSQL. */
export class EmbeddedProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private last = 0;
  private timer: NodeJS.Timeout | undefined;
  /** It was told to end; `gone` once it has. */
  private ending = false;
  private gone = false;
  private errors = "";

  constructor(private readonly options: ProcessOptions) {
    // Its output would stand between the language server's messages.
    this.child = fork(join(options.runtime, "embedded.js"), [], { execArgv: [], serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.child.on("message", ({ number, content }: Numbered<Answer>) => {
      this.waiting.get(number)?.resolve(content);
      this.settle(number);
    });
    this.child.stderr!.on("data", (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-2000)));
    this.exited = new Promise((resolve) => {
      const end = (error?: Error): void => {
        this.gone = true;
        clearTimeout(this.timer);
        for (const number of this.waiting.keys()) this.waiting.get(number)!.reject(lost(error?.message ?? this.errors.trim()));
        this.waiting.clear();
        resolve();
      };
      this.child.once("exit", () => end());
      this.child.once("error", end);
    });
    this.rest();
  }

  /** False once it ends, for whatever reason. */
  get running(): boolean {
    return !this.gone && !this.ending;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Sends the request and gives the answer of that kind. A statement inside WebAssembly cannot be cancelled, so a signal that
   * is given up ends the process. Rejects with a `DatabaseError`: what PostgreSQL says ("failed"), "cancelled" or "lost".
   */
  async ask<Kind extends Answer["kind"]>(request: Request, kind: Kind, signal?: AbortSignal): Promise<AnswerOf<Kind>> {
    if (signal?.aborted) throw cancelled();
    const number = ++this.last;
    const cancel = (): void => {
      this.waiting.get(number)?.reject(cancelled());
      this.waiting.delete(number);
      void this.end();
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        if (!this.running) return reject(lost(this.errors.trim()));
        this.waiting.set(number, { resolve, reject });
        this.work();
        this.child.send({ number, content: request } satisfies Numbered<Request>, (error) => {
          if (error) reject(lost(error.message));
        });
      });
      if (answer.kind === "failed") throw new DatabaseError(`The embedded PostgreSQL says: ${answer.message}`, "failed", answer.code);
      if (answer.kind !== kind) throw new Error(`the embedded PostgreSQL answers "${answer.kind}", not "${kind}"`);
      return answer as AnswerOf<Kind>;
    } finally {
      signal?.removeEventListener("abort", cancel);
      this.settle(number);
    }
  }

  /** Ends the process; what waits for an answer is rejected. */
  async end(): Promise<void> {
    if (!this.gone) {
      this.ending = true;
      this.work();
      this.child.kill("SIGKILL");
    }
    await this.exited;
  }

  private settle(number: number): void {
    this.waiting.delete(number);
    if (this.waiting.size === 0 && this.running) this.rest();
  }

  /** While nothing is asked, the process holds nobody back from ending. */
  private rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.end(), this.options.idle).unref();
    this.hold("unref");
  }

  private work(): void {
    clearTimeout(this.timer);
    this.hold("ref");
  }

  private hold(how: "ref" | "unref"): void {
    this.child[how]();
    this.child.channel?.[how]();
    (this.child.stderr as unknown as { ref(): void; unref(): void })[how]();
  }
}

function lost(detail: string): DatabaseError {
  return new DatabaseError(`The embedded PostgreSQL has ended${detail === "" ? "." : `: ${detail}`}`, "lost");
}

function cancelled(): DatabaseError {
  return new DatabaseError("The embedded PostgreSQL was told to stop.", "cancelled");
}
