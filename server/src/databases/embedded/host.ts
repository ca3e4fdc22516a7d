// The process of the embedded PostgreSQL: hands requests to a thread that runs it, and ends with whoever started it, even
// while a statement runs. With `--prepare FILE` it makes the data folder that every database starts from.
import { setFlagsFromString } from "node:v8";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import type { Answer, Numbered, Request } from "./protocol";

/** Loaded by the thread that runs it alone: PGlite's code costs each thread a tenth of a second. */
const pglite = (): typeof import("./session") => require("./session");

if (!isMainThread) {
  const answer = pglite().session();
  parentPort!.on("message", ({ number, content }: Numbered<Request>) => {
    void answer(content).then((content) => parentPort!.postMessage({ number, content } satisfies Numbered<Answer>));
  });
} else if (process.argv[2] === "--prepare") {
  pglite().prepare(process.argv[3]!).then(() => process.exit(), (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
} else {
  serve();
}

function serve(): void {
  // V8's optimising compiler would work on for seconds, on code that runs once: without it a first start takes 3.7 seconds of CPU, not 5.6.
  setFlagsFromString("--liftoff-only");
  // Each function is checked when it first runs, as it is compiled then: most never do. A V8 that has no such flag passes it over.
  setFlagsFromString("--wasm-lazy-validation");
  // Killed and not exited: a thread that is deep in WebAssembly takes no other hint. The channel closes with the parent, however that ends.
  const end = (): void => void process.kill(process.pid, "SIGKILL");
  process.on("disconnect", end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  const thread = new Worker(__filename);
  thread.on("message", (answer: Numbered<Answer>) => process.send!(answer));
  thread.on("error", end);
  process.on("message", (request: Numbered<Request>) => thread.postMessage(request));
}
