// Highlighting for .prisma only where no other extension gives it. Two extensions that contribute one language or
// one scope overrule each other in an order that neither can choose, so Plumbline contributes a language with an id and
// a scope of its own and no file ending, and gives it to documents that nobody else has claimed.
import * as vscode from "vscode";

const own = "plumbline-prisma";

export function givePrismaLanguage(context: vscode.ExtensionContext): void {
  const claim = (document: vscode.TextDocument): void => void claimFor(document);
  context.subscriptions.push(vscode.workspace.onDidOpenTextDocument(claim));
  vscode.workspace.textDocuments.forEach(claim);
}

async function claimFor(document: vscode.TextDocument): Promise<void> {
  if (document.languageId !== "plaintext" || !document.fileName.endsWith(".prisma")) return;
  const known = await vscode.languages.getLanguages();
  // Someone gives the language, and yet the document is plain text: then the user's settings say so.
  if (known.includes("prisma") || document.isClosed) return;
  await vscode.languages.setTextDocumentLanguage(document, own);
}
