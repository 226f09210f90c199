import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runHub } from '../../../src/cli/hub.ts';

describe('hipstatus hub', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hipstatus-hub-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it as the command line at `program` would, in a folder that holds `hub`. */
  async function run(program: string, hub?: { readonly file: string; readonly code: string }) {
    if (hub !== undefined) {
      mkdirSync(join(folder, 'hub'));
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(join(folder, hub.file), hub.code);
    }
    let out = '';
    let err = '';
    const shell = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: { HUB_PORT: '0' },
      stopSignal: AbortSignal.abort(),
    };
    const code = await runHub(['token', 'list'], join(folder, program), shell, (url) => import(url));
    return { code, out, err };
  }

  const echo = `await 0;
    export async function runHub(words, { stdout, env, stopSignal }) {
      stdout.write([...words, env.HUB_PORT, stopSignal.aborted].join(' '));
      return 7;
    }`;

  it('is the ES module beside the built command line', async () => {
    const ran = await run('main/cli.cjs', { file: 'hub/main.js', code: echo });
    expect(ran).toEqual({ code: 7, out: 'token list 0 true', err: '' });
  });

  it('is not in the app: it says so', async () => {
    const ran = await run('main/cli.cjs');
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('installed with npm, on a server');
  });

  it('keeps the words of a defect to itself', async () => {
    const ran = await run('main/cli.cjs', { file: 'hub/main.js', code: "throw new Error('token hst_1')" });
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^hipstatus: .+\n$/);
    expect(ran.err).not.toContain('hst_1');
  });
});
