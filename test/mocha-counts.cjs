// Mocha's spec reporter that also leaves its counts, and what failed, as JSON in the file that PLUMBLINE_COUNTS names, for test/run.mjs.
const fs = require("node:fs");
const Mocha = require("mocha");

module.exports = class Counts extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      const failed = this.failures.map((test) => ({ title: test.fullTitle(), error: String(test.err?.stack ?? test.err) }));
      if (process.env.PLUMBLINE_COUNTS) fs.writeFileSync(process.env.PLUMBLINE_COUNTS, JSON.stringify({ passes, failures, pending, failed }));
    });
  }
};
