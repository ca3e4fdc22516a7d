// Passwords that the user types: kept in VS Code's SecretStorage, by whom and where they are for, and nowhere else. What
// the log would show of them is starred out.
import * as vscode from "vscode";

export interface Passwords {
  get(address: string): Promise<string | undefined>;
  keep(address: string, password: string): Promise<void>;
  forget(address: string): Promise<void>;
}

export function passwords(secrets: vscode.SecretStorage): Passwords {
  const key = (address: string): string => `plumbline.password ${address}`;
  return {
    get: async (address) => secrets.get(key(address)),
    keep: async (address, password) => secrets.store(key(address), password),
    forget: async (address) => secrets.delete(key(address)),
  };
}

/** `message` says why it is asked for, a sentence. */
export function askPassword(address: string, message: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ title: `Plumbline: password for ${address}`, prompt: `${message} It is kept in VS Code's secret storage.`, password: true, ignoreFocusOut: true });
}

/** The channel for the protocol's messages, which at the log level "trace" shows all that is sent. */
export function withoutPasswords(channel: vscode.LogOutputChannel): vscode.LogOutputChannel {
  return new Proxy(channel, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "trace") return (message: string, ...more: readonly unknown[]) => target.trace(starred(message), ...more);
      return typeof value === "function" ? (value as (...parameters: unknown[]) => unknown).bind(target) : value;
    },
  });
}

/** Passwords travel under that name alone. */
function starred(message: string): string {
  return message.replace(/("password"\s*:\s*)"(?:[^"\\]|\\.)*"/g, '$1"***"');
}

/** A URL as the user typed it, and the password that stood in it. */
export function splitUrl(url: string): { readonly url: string; readonly password?: string } {
  const [, before, password, after] = /^([a-z]+:\/\/[^/?@:]*):([^@]*)(@.*)$/is.exec(url) ?? [];
  if (before !== undefined && password !== undefined) return { url: `${before}${after}`, ...(password !== "" && { password: decoded(password) }) };
  const parameter = /[?&]password=([^&]*)/i.exec(url);
  if (!parameter) return { url };
  const rest = url.replace(/([?&])password=[^&]*(&|$)/i, (_, start: string, end: string) => (end === "&" ? start : ""));
  return { url: rest, password: decoded(parameter[1]!) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
