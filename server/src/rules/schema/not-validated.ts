import type { Rule } from "../rule";

const rule: Rule = {
  summary: "The database never checked a constraint against the rows that were there before it.",
  why: `A constraint that was added \`NOT VALID\` holds for new and changed rows only; \`VALIDATE CONSTRAINT\` checks the old ones, under a lock that lets
reads and writes go on ([ALTER TABLE](https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT)). Until
then a row may refer to nothing, and the planner does not rely on the constraint. It is usually the second half of a safe migration that was forgotten.`,
  severity: "warning",
  bad: {
    sql: `create table clients (id bigint primary key);
create table orders (id bigint primary key, client_id bigint, amount integer);
alter table orders add constraint orders_client_id_fkey foreign key (client_id) references clients (id) not valid;
alter table orders add constraint orders_amount_check check (amount > 0) not valid;
`,
  },
  good: {
    sql: `create table clients (id bigint primary key);
create table orders (id bigint primary key, client_id bigint);
alter table orders add constraint orders_client_id_fkey foreign key (client_id) references clients (id) not valid;
alter table orders validate constraint orders_client_id_fkey;
`,
  },
  *checkDatabaseTable(table) {
    const constraints = [
      ...table.foreignKeys.map((one) => ({ ...one, what: "foreign key" })),
      ...table.checks.map((one) => ({ ...one, what: "check", columns: one.expression.columns })),
    ];
    for (const { name, validated, what, columns } of constraints) {
      if (validated !== false || name === undefined) continue;
      yield {
        message: `The ${what} ${name} of ${table.name.name} is NOT VALID in the database: rows from before it may break it. Validate it; that blocks neither reads nor writes.`,
        columns,
        name,
        fixes: [{ title: `Validate the constraint ${name}`, changes: [{ kind: "validate-constraint", table: table.name, name }] }],
      };
    }
  },
};

export default rule;
