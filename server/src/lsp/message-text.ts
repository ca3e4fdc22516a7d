// Messages as JSON. A diagnostic that was sent before is not written out again but for its places: a keystroke in a
// long schema sends thousands of diagnostics, and nearly all are as they were.
import type { Diagnostic, DiagnosticRelatedInformation, Message, Range } from "vscode-languageserver/node";

/** For a writer's `contentTypeEncoder`: as the protocol's own encoder, only faster where diagnostics come again. */
export const messageEncoder = {
  name: "application/json",
  encode(message: Message, { charset }: { readonly charset: BufferEncoding }): Promise<Uint8Array> {
    try {
      return Promise.resolve(Buffer.from(messageText(message), charset));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  },
};

/** The same value as `JSON.stringify`'s text has. */
export function messageText(message: Message): string {
  const { params, result } = message as { params?: { diagnostics?: unknown }; result?: { items?: unknown } | null };
  if (isDiagnostics(params?.diagnostics)) return withList({ ...message, params: undefined }, "params", { ...params, diagnostics: undefined }, "diagnostics", params.diagnostics);
  if (isDiagnostics(result?.items)) return withList({ ...message, result: undefined }, "result", { ...result, items: undefined }, "items", result.items);
  return JSON.stringify(message);
}

/** The list as the last thing of an object, which is the last thing of the message. */
function withList(message: object, key: string, object: object, listKey: string, list: readonly Diagnostic[]): string {
  return `${open(message)}"${key}":${open(object)}"${listKey}":[${list.map(diagnosticText).join()}]}}`;
}

/** The object's text, ready for another property. */
function open(object: object): string {
  const text = JSON.stringify(object).slice(0, -1);
  return text === "{" ? text : `${text},`;
}

function isDiagnostics(list: unknown): list is readonly Diagnostic[] {
  return Array.isArray(list) && list.length > 0 && typeof (list[0] as Partial<Diagnostic>).message === "string" && typeof (list[0] as Partial<Diagnostic>).range === "object";
}

/** All of a diagnostic but its places, without the opening brace, by its `data`: two that share it differ in their places alone. */
const rests = new WeakMap<object, string>();

function diagnosticText(diagnostic: Diagnostic): string {
  const data: unknown = diagnostic.data;
  if (typeof data !== "object" || data === null) return JSON.stringify(diagnostic);
  let rest = rests.get(data);
  if (rest === undefined) rests.set(data, (rest = JSON.stringify({ ...diagnostic, range: undefined, relatedInformation: undefined }).slice(1)));
  const related = diagnostic.relatedInformation;
  return `{"range":${rangeText(diagnostic.range)},${related ? `"relatedInformation":[${related.map(relatedText).join()}],` : ""}${rest}`;
}

function relatedText({ location: { uri, range }, message }: DiagnosticRelatedInformation): string {
  return `{"location":{"uri":${JSON.stringify(uri)},"range":${rangeText(range)}},"message":${JSON.stringify(message)}}`;
}

function rangeText({ start, end }: Range): string {
  return `{"start":{"line":${start.line},"character":${start.character}},"end":{"line":${end.line},"character":${end.character}}}`;
}
