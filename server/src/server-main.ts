// Entry of dist/server.js: VS Code starts it over IPC, any other editor with --stdio.
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./server";

startServer(createConnection(ProposedFeatures.all));
