#!/usr/bin/env node
// Entry of dist/cli.js: loads the terminal, and TypeScript when it is needed, from what V8 has made of them before. The
// terminal is a file of its own for that: compiling it would cost a command 70 milliseconds of CPU.
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { cacheCompiled } from "./compiled-code";
import { userCacheFolder } from "./databases/embedded/cache";

// It parses SQL, a little: V8's optimising compiler would be at work on the parser's WebAssembly when all is done, and Node
// waits for it.
if (process.argv[2] === "migrate") setFlagsFromString("--liftoff-only");
const folder = join(userCacheFolder(), "compiled");
const terminal = join(__dirname, "terminal.js");
cacheCompiled(join(__dirname, "ts-morph.js"), folder);
// What is kept serves all commands, so it comes from one that does something: --version runs next to nothing.
if (/^[a-z]/.test(process.argv[2] ?? "")) cacheCompiled(terminal, folder);
require(terminal);
