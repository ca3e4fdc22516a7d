// The question before what cannot be taken back, or is production's: the database's name, typed.
import * as vscode from "vscode";

/** The name, once it was typed as it is; undefined: given up. `why`: what makes it needed, in full sentences. */
export function typedName(name: string, why: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Plumbline: type ${name} to go on`, prompt: why, placeHolder: name, ignoreFocusOut: true,
    validateInput: (text) => (text === name ? undefined : `The database is called ${name}.`),
  });
}
