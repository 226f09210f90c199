// npm test: installs what is missing, then check, build, unit, contract and e2e. The last line is the total.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { ensure, runScript } from './setup.mjs';

const MINUTE = 60_000;
const LIMITS = { check: 5 * MINUTE, build: 5 * MINUTE, unit: 5 * MINUTE, contract: 14 * MINUTE, e2e: 18 * MINUTE };
const VITEST = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** @typedef {{name: string, passed: number, failed: number, skipped: number, note: string}} Result */

/** @returns {Promise<Result>} a step that is no test: it adds nothing when it works, and one failure when it does not */
async function npmStep(name) {
  heading(name);
  const npm = npmCommand();
  const { code, timedOut } = await run(npm.command, [...npm.prefix, 'run', name, '--silent'], {
    cwd: root,
    timeoutMs: LIMITS[name],
  });
  if (code === 0) return result(name, { note: 'ok' });
  return result(name, { failed: 1, note: timedOut ? 'took too long' : `npm run ${name} ended with ${code}` });
}

/** @returns {Promise<Result>} one vitest project; `start` runs a command and gives its exit code */
async function vitestStep(name, folder, start) {
  heading(name);
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await start(process.execPath, [VITEST, 'run', '--project', name, ...reporters]);
  const totals = readTotals(report);
  if (totals === undefined) return result(name, { failed: 1, note: `vitest ended with ${code} and no report` });
  const { passed, failed, skipped } = totals;
  for (const title of totals.skippedTitles) say(`skipped: ${title}`);
  if (passed + failed === 0) return result(name, { failed: 1, skipped, note: 'no test ran' });
  // A suite that does not load, or an error outside of tests, fails the run without a failed test.
  if (code !== 0 && failed === 0)
    return result(name, { passed, failed: 1, skipped, note: `vitest ended with ${code}` });
  return result(name, { passed, failed, skipped });
}

function readTotals(report) {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const tests = testResults.flatMap((file) => file.assertionResults);
    const count = (status) => tests.filter((test) => test.status === status).length;
    const skippedTitles = tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map((test) => test.fullName);
    return { passed: count('passed'), failed: count('failed'), skipped: skippedTitles.length, skippedTitles };
  } catch {
    return undefined;
  }
}

function result(name, { passed = 0, failed = 0, skipped = 0, note = '' }) {
  return { name, passed, failed, skipped, note };
}

function heading(name) {
  say(`\n== ${name}`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

async function e2e(folder, buildWorked) {
  if (process.platform !== 'linux') {
    say(`e2e: not run on ${process.platform}: its desktop (tray, notifications, keychain) is a Linux session bus`);
    return result('e2e', { skipped: 1, note: `needs Linux, this is ${process.platform}` });
  }
  if (!buildWorked) {
    say('e2e: not run: there is no build to run it on');
    return result('e2e', { skipped: 1, note: 'no build' });
  }
  const { withDesktop } = await import('./desktop-session.mjs');
  return vitestStep('e2e', folder, (command, args) => withDesktop(command, args, { cwd: root, timeoutMs: LIMITS.e2e }));
}

async function main() {
  const linux = process.platform === 'linux';
  // Desktop and browser are for e2e, the servers are for the contract tests.
  const needs = { electron: linux, desktop: linux, servers: linux, browser: linux };
  const { electron } = await ensure({ ...needs, say: (line) => say(`setup: ${line}`) });
  const plain = (limit) => async (command, args) => (await run(command, args, { cwd: root, timeoutMs: limit })).code;
  const folder = mkdtempSync(join(tmpdir(), 'hipstatus-test-'));
  try {
    const results = [await npmStep('check')];
    const build = await npmStep('build');
    results.push(build);
    results.push(await vitestStep('unit', folder, plain(LIMITS.unit)));
    results.push(await vitestStep('contract', folder, plain(LIMITS.contract)));
    results.push(await e2e(folder, build.failed === 0));
    return summary(results, electron);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summary(results, electron) {
  heading('summary');
  const runtime = electron ? `Electron ${electron.version} (${electron.source})` : 'no Electron';
  say(`ran on ${runtime}, Node ${process.versions.node}, ${process.platform}`);
  for (const { name, passed, failed, skipped, note } of results) {
    const counts = passed + failed + skipped === 0 ? '' : `${passed} passed, ${failed} failed, ${skipped} skipped`;
    say(`${name.padEnd(9)}${[counts, note].filter((part) => part !== '').join(': ')}`);
  }
  const sum = (key) => results.reduce((total, one) => total + one[key], 0);
  const skipped = sum('skipped');
  say(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

await runScript(main);
