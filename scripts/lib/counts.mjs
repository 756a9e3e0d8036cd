/** Counts what the test runners report. */

/** @typedef {{ passed: number, failed: number }} Counts */

/**
 * @param {{ code: number, output: string }} ran a run of `cargo test`
 * @returns {Counts}
 */
export function countRust({ code, output }) {
  const results = output.matchAll(/^test result: \S+ (\d+) passed; (\d+) failed;/gm);
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of results) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return orOneFailure(code, counts);
}

/**
 * @param {number} code
 * @param {string | undefined} report what vitest's JSON reporter has written, if it came so far
 * @returns {Counts}
 */
export function countVitest(code, report) {
  const counts = { passed: 0, failed: 0 };
  if (report !== undefined) {
    const { numPassedTests, numFailedTests } = JSON.parse(report);
    counts.passed = numPassedTests;
    counts.failed = numFailedTests;
  }
  return orOneFailure(code, counts);
}

/**
 * What does not compile or load has no tests to count, and a run without tests proves nothing.
 *
 * @param {number} code
 * @param {Counts} counts
 */
function orOneFailure(code, { passed, failed }) {
  const silent = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed };
}
