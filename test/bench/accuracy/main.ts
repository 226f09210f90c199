// npm run bench:accuracy; see scripts/bench-accuracy.mjs.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bench, OURS } from './bench.ts';
import { RATES } from './rates.ts';
import { aimLines, aims, limits, summarize, table } from './report.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    plain: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

function natural(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1 on.`);
  return value;
}

const days = natural('days', values.days);
const seed = natural('seed', values.seed);
const { plain, json } = values;
const print = (line: string) => process.stdout.write(`${line}\n`);

const began = performance.now();
const tools = await bench({
  days,
  seed,
  plain,
  onDay: (done) => {
    if (done % 100 === 0) process.stderr.write(`bench: ${done} of ${days} days\n`);
  },
});
const summaries = tools.map(summarize);
const verdicts = aims(summaries);

print(
  `${days} ${plain ? 'plain ' : ''}working days, seed ${seed}; ${((performance.now() - began) / 1000).toFixed(0)} s`,
);
print(
  'Minutes a day the presence is wrong while the laptop is awake (state; state or text), and while it sleeps; calls a day.',
);
print('The other tools are models of how they decide (test/bench/accuracy/models.ts), without delays or failures.\n');
print(table(summaries));
print(`\nAims\n${aimLines(verdicts)}`);
print('\nWhat limits it');
for (const summary of summaries.slice(0, OURS.length)) print(limits(summary));
if (json !== undefined) {
  writeFileSync(
    json,
    `${JSON.stringify({ days, seed, plain, rates: RATES, summaries, aims: verdicts, tools }, null, 1)}\n`,
  );
}
