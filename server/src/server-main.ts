// Entry of dist/server.js: VS Code starts it over IPC, any other editor with --stdio.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer, stdioConnection } from "./server";

startServer(process.argv.includes("--stdio") ? stdioConnection() : createConnection(ProposedFeatures.all));
