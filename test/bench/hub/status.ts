import { Pool } from 'undici';
import type { BenchProcess } from './process.ts';

const PATH = '/plugins/com.mattermost.outlook-presence/api/v1/status';
const CONNECTIONS = 32;

/** One run of requests for pages of `/status`. */
export interface StatusRun {
  readonly perSecond: number;
  /** Milliseconds of the server's processor time for one request. */
  readonly cpu: number;
  /** Bytes of all bodies, to show that both sent the same. */
  readonly bytes: number;
}

/** Asks for the pages one after the other, over and over, on 32 connections. */
export async function askStatus(server: BenchProcess, pages: number, requests: number): Promise<StatusRun> {
  const pool = new Pool(server.url, { connections: CONNECTIONS, pipelining: 1 });
  const before = await server.ask({ what: 'cpu' }, 'cpu');
  const startedAt = performance.now();
  let next = 0;
  let bytes = 0;
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const page = next % pages;
      next += 1;
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: `${PATH}?secret=${server.secret}&page=${page}`,
      });
      if (statusCode !== 200) throw new Error(`The server answered ${statusCode}.`);
      bytes += (await body.arrayBuffer()).byteLength;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const elapsed = performance.now() - startedAt;
  const after = await server.ask({ what: 'cpu' }, 'cpu');
  await pool.close();
  return {
    perSecond: (requests / elapsed) * 1_000,
    cpu: (after.milliseconds - before.milliseconds) / requests,
    bytes,
  };
}
