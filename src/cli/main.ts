#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { compose } from './compose.ts';
import { runHub } from './hub.ts';
import { readAnswers } from './readAnswers.ts';
import { readSecret } from './readSecret.ts';
import { runCli } from './run.ts';

const { argv, env, platform, stdin, stdout, stderr } = process;

/** Aborts once the person (Ctrl-C) or the system asks the program to end. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

// `hipstatus status | head -1`: whoever reads has seen enough.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

void runCli(argv.slice(2), {
  stdout,
  stderr,
  home: homedir(),
  compose: (debug) =>
    compose({
      platform,
      env,
      homedir: homedir(),
      user: userInfo().username,
      programFile: realpathSync(argv[1] ?? ''),
      debug,
      logTo: stderr,
    }),
  readSecret: (question) => readSecret({ stdin, stderr }, question),
  readAnswers: (questions, given) => readAnswers({ stdin, stderr }, questions, given),
  stopSignal,
  hub: (words) => runHub(words, realpathSync(argv[1] ?? ''), { stdout, stderr, env, stopSignal: stopSignal() }),
}).then((code) => {
  process.exitCode = code;
});
