// What the benchmarks and the fuzzer call of the engine, on files in memory.
export { openProject } from "../../server/src/engine";
export { mergeConfigs } from "../../server/src/config";
export { makeObjectsYoung } from "../../server/src/young-objects";
