// What the benchmark of introspection bundles: the reading itself, a server to read from, and the driver for the floor.
export { Client } from "pg";
export { openPostgres } from "../../server/src/databases/postgres/open";
export { settingsFromUrl } from "../../server/src/databases/connections/settings";
export { startPostgres } from "../oracles/postgres";
