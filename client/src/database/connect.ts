// Connecting: which database, with which password, and what to do when it is refused. Remembers what was connected to
// last; the password is in SecretStorage alone.
import * as vscode from "vscode";
import type { ConnectAnswer, ConnectTarget, NamedConnection } from "../../../server/src/lsp/protocol";
import type { Databases } from "./databases";
import { askPassword, passwords, splitUrl, type Passwords } from "./passwords";

/** A choice of the user, as it is remembered: never with a password. */
export interface Choice {
  readonly root: string;
  readonly target: ConnectTarget;
}

const remembered = "plumbline.lastDatabase";

export interface Connecting {
  /** Lets the user choose a database, and connects to it. */
  choose(): Promise<ConnectAnswer | undefined>;
  useEmbedded(root?: string): Promise<ConnectAnswer | undefined>;
  connect(choice: Choice): Promise<ConnectAnswer>;
  /** Connects to what was connected last in this workspace, if anything. */
  reconnect(): Promise<void>;
  forgetLast(): Promise<void>;
}

interface Item extends vscode.QuickPickItem {
  readonly named?: NamedConnection;
  readonly other?: "embedded" | "url";
}

export function connecting(context: vscode.ExtensionContext, databases: Databases): Connecting {
  const kept = passwords(context.secrets);

  async function choose(): Promise<ConnectAnswer | undefined> {
    if (!trusted()) return undefined;
    const found = await databases.ask<readonly NamedConnection[]>("databases");
    const chosen = await vscode.window.showQuickPick(itemsOf(found, databases), { title: "Plumbline: Connect to Database", placeHolder: "Only PostgreSQL's catalogue is read, in a READ ONLY transaction", matchOnDescription: true, matchOnDetail: true });
    if (!chosen) return undefined;
    if (chosen.other === "embedded") return useEmbedded();
    if (chosen.other === "url") return byUrl();
    const { root, name, unusable } = chosen.named!;
    if (unusable === undefined) return connect({ root, target: { kind: "named", name } });
    void vscode.window.showErrorMessage(`Plumbline: ${unusable}`);
    return { kind: "failed", message: unusable };
  }

  async function useEmbedded(root?: string): Promise<ConnectAnswer | undefined> {
    if (!trusted()) return undefined;
    const folder = root ?? (await chooseFolder());
    return folder === undefined ? undefined : connect({ root: folder, target: { kind: "embedded" } });
  }

  async function byUrl(): Promise<ConnectAnswer | undefined> {
    const root = await chooseFolder();
    const typed = root === undefined ? undefined : await vscode.window.showInputBox({
      title: "Plumbline: Connect to Database", prompt: "Address of the database. A password in it goes to VS Code's secret storage alone.", placeHolder: "postgresql://user@host/database", ignoreFocusOut: true,
      validateInput: (text) => (/^postgres(ql)?:\/\/./i.test(text.trim()) ? undefined : "It begins with postgresql://"),
    });
    if (root === undefined || typed === undefined) return undefined;
    const { url, password } = splitUrl(typed.trim());
    return connect({ root, target: { kind: "url", url } }, password);
  }

  /** `given` is a password that the user has typed already. */
  async function connect({ root, target }: Choice, given?: string): Promise<ConnectAnswer> {
    let answer = await attempt(root, target, given);
    if (answer.kind === "schema") {
      const schema = await vscode.window.showQuickPick([...answer.schemas], { title: "Plumbline: Use embedded Postgres", placeHolder: "The schema that it is made for" });
      return schema === undefined ? { kind: "cancelled" } : connect({ root, target: { kind: "embedded", schema } });
    }
    let password = given;
    if (answer.kind === "password") {
      const { address } = answer;
      // What was kept is tried once before anybody is asked.
      password = await kept.get(address);
      if (password !== undefined && password !== given) answer = await attempt(root, target, password);
      while (answer.kind === "password") {
        if (password !== undefined) await kept.forget(address);
        password = await askPassword(address, password === undefined ? answer.message : "The server refused that password.");
        if (password === undefined) return { kind: "cancelled" };
        answer = await attempt(root, target, password);
      }
      if (answer.kind === "connected" && password !== undefined) await kept.keep(address, password);
    } else if (answer.kind === "connected" && given !== undefined) await keepOf(answer, given, databases, kept);
    if (answer.kind === "connected") await context.workspaceState.update(remembered, { root, target } satisfies Choice);
    if (answer.kind === "failed") void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
    return answer;
  }

  const attempt = (root: string, target: ConnectTarget, password: string | undefined): Promise<ConnectAnswer> =>
    databases.follow<ConnectAnswer>("Plumbline", "connectDatabase", { root, target, ...(password !== undefined && { password }) });

  return {
    choose,
    useEmbedded,
    connect: (choice) => connect(choice),
    async reconnect() {
      const last = context.workspaceState.get<Choice>(remembered);
      if (last && vscode.workspace.isTrusted) await connect(last);
    },
    forgetLast: async () => context.workspaceState.update(remembered, undefined),
  };
}

/** Under the address that the server gives the connection. */
async function keepOf(answer: Extract<ConnectAnswer, { kind: "connected" }>, password: string, { states }: Databases, kept: Passwords): Promise<void> {
  const state = states.find(({ root, name }) => root === answer.root && name === answer.name);
  if (state) await kept.keep(state.address, password);
}

function itemsOf(found: readonly NamedConnection[], { states }: Databases): readonly Item[] {
  const several = new Set(found.map(({ root }) => root)).size > 1;
  const items = found.map((named): Item => {
    const { root, name, origin, address, production, unusable } = named;
    const isOpen = states.some((state) => state.root === root && state.name === name && state.state === "connected");
    return {
      named, label: `$(${unusable === undefined ? (production ? "warning" : "database") : "circle-slash"}) ${withoutIcons(name)}`,
      description: [address, production && "production", isOpen && "connected"].filter(Boolean).join(" · "),
      detail: unusable ?? `from ${origin}${several ? ` in ${folderName(root)}` : ""}`,
    };
  });
  return [
    ...(items.length > 0 ? [{ label: "Found in this workspace", kind: vscode.QuickPickItemKind.Separator }, ...items] : []),
    { label: "Other", kind: vscode.QuickPickItemKind.Separator },
    { other: "embedded", label: "$(package) Use embedded Postgres", detail: "Comes with Plumbline: made from your migrations or your schema, nothing to install" },
    { other: "url", label: "$(link) Enter a URL…" },
  ];
}

/** A label shows `$(name)` as an icon: a name from a file must not draw any. */
export function withoutIcons(text: string): string {
  return text.replaceAll("$(", "$\u200b(");
}

function trusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showInformationMessage("Plumbline connects to no database in a workspace that is not trusted.");
  return false;
}

async function chooseFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const active = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  const chosen = folders.length < 2 ? folders[0] : (active ?? (await vscode.window.showWorkspaceFolderPick()));
  if (folders.length === 0) void vscode.window.showInformationMessage("Plumbline: open a folder first.");
  return chosen && pathOf(chosen.uri);
}

/** As the server spells paths: with `/`, and an upper-case drive. */
function pathOf({ fsPath }: vscode.Uri): string {
  return process.platform === "win32" ? fsPath.replaceAll("\\", "/").replace(/^[a-z]:/, (drive) => drive.toUpperCase()) : fsPath;
}

const folderName = (root: string): string => root.slice(root.lastIndexOf("/") + 1);
