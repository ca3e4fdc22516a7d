// Keeps one failing request from taking the server with it: the failure is logged once, the answer is the empty one.
import type { Failure } from "../engine";

export interface Guard {
  /** `handle` with its exceptions contained; `otherwise` is then the answer. */
  <Parameters extends readonly unknown[], Answer>(name: string, handle: (...parameters: Parameters) => Answer, otherwise: Answer): (...parameters: Parameters) => Answer;
}

export function guard(onFailure: (failure: Failure) => void): Guard {
  return (name, handle, otherwise) => (...parameters) => {
    try {
      return handle(...parameters);
    } catch (error) {
      onFailure({ where: name, file: fileOf(parameters[0]), error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      return otherwise;
    }
  };
}

function fileOf(parameters: unknown): string | undefined {
  return (parameters as { textDocument?: { uri?: string } } | undefined)?.textDocument?.uri;
}
