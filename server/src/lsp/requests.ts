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

/** The same for requests that may come before the folders are read: they are answered after. */
export interface Answers {
  <Parameters extends readonly unknown[], Answer>(name: string, handle: (...parameters: Parameters) => Answer, otherwise: Answer): (...parameters: Parameters) => Answer | Promise<Answer>;
}

/** Once `isReady`, answers come at once, so that none overtakes the edit before it. */
export function answerer(guarded: Guard, isReady: () => boolean, ready: Promise<void>): Answers {
  return (name, handle, otherwise) => {
    const contained = guarded(name, handle, otherwise);
    return (...parameters) => (isReady() ? contained(...parameters) : ready.then(() => contained(...parameters)));
  };
}

function fileOf(parameters: unknown): string | undefined {
  return (parameters as { textDocument?: { uri?: string } } | undefined)?.textDocument?.uri;
}
