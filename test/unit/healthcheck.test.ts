import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../deploy/healthcheck.mjs');
const run = promisify(execFile);

describe('healthcheck.mjs', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Its exit code when the hub answers so; null: nobody is there. */
  async function check(status: number | null, portName: string): Promise<number> {
    const asked: string[] = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status ?? 200).end();
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo;
    if (status === null) await new Promise((resolve) => listening.close(resolve));
    const env = { PATH: process.env['PATH'], [portName]: String(port) };
    const code = await run(process.execPath, [SCRIPT], { env }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );
    expect(asked).toEqual(status === null ? [] : ['/healthz']);
    return code;
  }

  it('is content with 200 alone', async () => {
    expect(await check(200, 'HUB_PORT')).toBe(0);
    expect(await check(200, 'PORT')).toBe(0);
    expect(await check(503, 'HUB_PORT')).toBe(1);
    expect(await check(null, 'HUB_PORT')).toBe(1);
  });
});
