// Entry of dist/server.js: VS Code starts it over IPC, any other editor with --stdio.
import { join } from "node:path";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { cacheCompiled } from "./compiled-code";
import { userCacheFolder } from "./databases/embedded/cache";
import { startServer, stdioConnection } from "./server";

cacheCompiled(join(__dirname, "ts-morph.js"), join(userCacheFolder(), "compiled"));
startServer(process.argv.includes("--stdio") ? stdioConnection() : createConnection(ProposedFeatures.all));
