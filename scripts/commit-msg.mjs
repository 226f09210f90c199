// Checks a commit message, or a pull request's title, against Conventional Commits 1.0.0 (conventionalcommits.org).
//
//   node scripts/commit-msg.mjs FILE            as git's commit-msg hook: git config core.hooksPath scripts/hooks
//   node scripts/commit-msg.mjs --title TEXT    for a pull request's title
import { readFileSync } from 'node:fs';

const TYPES = ['build', 'chore', 'ci', 'docs', 'feat', 'fix', 'perf', 'refactor', 'revert', 'style', 'test'];
const HEADER = new RegExp(`^(${TYPES.join('|')})(\\([a-z0-9][a-z0-9./_-]*\\))?!?: \\S`);
const LONGEST = 100;
// What git itself writes, and what is folded into another commit before it is shared.
const GIT_OWN = /^(Merge |Revert "|fixup! |squash! |amend! )/;

/** @returns {string[]} what is wrong with a message; empty when it is right */
function faults(message) {
  const [header = '', second] = message
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim()
    .split('\n');
  if (GIT_OWN.test(header)) return [];
  const found = [];
  if (!HEADER.test(header)) found.push(`the first line is not "type(scope): text"; types: ${TYPES.join(', ')}`);
  if (header.length > LONGEST) found.push(`the first line has ${header.length} characters; at most ${LONGEST}`);
  if (header.endsWith('.')) found.push('the first line ends with a full stop');
  if (second) found.push('the second line is not empty');
  return found;
}

const [first, title] = process.argv.slice(2);
if (first === undefined || (first === '--title' && title === undefined)) {
  process.stderr.write('usage: node scripts/commit-msg.mjs FILE | --title TEXT\n');
  process.exitCode = 2;
} else {
  const message = first === '--title' ? title : readFileSync(first, 'utf8');
  const found = faults(message);
  for (const fault of found) process.stderr.write(`commit message: ${fault}\n`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
