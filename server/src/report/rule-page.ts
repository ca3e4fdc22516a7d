// Where a rule's documentation stands on the web: diagnostics, SARIF and the terminal link to it.
import { repository } from "../../../package.json";

/** URL of the project. */
export const projectPage = repository.url.replace(/\.git$/, "");

/** URL of the page of a rule, or of something that the engine itself reports. */
export function rulePage(rule: string): string {
  return `${projectPage}/blob/main/server/docs/${rule}.md`;
}
