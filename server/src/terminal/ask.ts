// Questions to a person at a terminal: yes or no, one of several, a name to type. They are asked on standard error, so
// that standard output can go elsewhere; nothing here decides whether to ask.
import { cancel, confirm, isCancel, select, text } from "@clack/prompts";

/** Undefined: the person pressed Ctrl+C or Escape instead of answering. */
export type Answer<Value> = Value | undefined;

const output = process.stderr;

/** No is the answer that Enter gives. */
export async function askYesNo(message: string): Promise<Answer<boolean>> {
  return answered<boolean>(await confirm({ message, initialValue: false, output }));
}

export async function askOneOf<Value extends string>(message: string, choices: readonly { readonly value: Value; readonly label: string }[]): Promise<Answer<Value>> {
  return answered<string>(await select<string>({ message, options: [...choices], output })) as Answer<Value>;
}

/** Asks until the name is typed exactly. */
export async function askToType(message: string, name: string): Promise<Answer<string>> {
  return answered<string>(await text({ message, output, validate: (typed) => (typed === name ? undefined : `Type ${name}, or press Ctrl+C.`) }));
}

function answered<Value>(value: Value | symbol): Answer<Value> {
  if (!isCancel(value)) return value as Value;
  cancel("Nothing was changed.", { output });
  return undefined;
}
