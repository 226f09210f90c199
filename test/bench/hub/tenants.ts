// How many signed commands a second an add-on answers that is installed 50 times, and how long a room waits; run by npm run
// bench:commands.
//
//   node --import tsx test/bench/hub/tenants.ts
//   node --import tsx test/bench/hub/tenants.ts --tenants 50 --commands 4000
//
// The stand-in of a HipChat server installs the add-on in each of 50 rooms, signs a webhook for each message and checks the answer; it
// works in this process too, so the figures hold both.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPlainLogger } from '../../../src/adapters/node/plainLogger.ts';
import { systemClock } from '../../../src/adapters/node/systemClock.ts';
import { createAddon, memoryDocuments, serveAddon } from '../../../src/hub/addons/index.ts';
import type { Documents } from '../../../src/hub/store/port.ts';
import { openSqliteStore } from '../../../src/hub/store/sqlite/store.ts';
import { startHipchatConnect } from '../../../src/sandbox/hipchatConnect/index.ts';

const { values } = parseArgs({
  options: { tenants: { type: 'string', default: '50' }, commands: { type: 'string', default: '4000' } },
});
const TENANTS = Number(values.tenants);
const COMMANDS = Number(values.commands);
const ADA = 42;
const UNLIMITED = 1_000_000_000;
const print = (line: string) => process.stdout.write(`${line}\n`);
const roomOf = (number: number) => 1_000 + number;

async function measure(name: string, documents: Documents): Promise<void> {
  const chat = await startHipchatConnect({
    users: [{ id: ADA, name: 'Ada Lovelace', email: 'ada@example.com' }],
    rooms: Array.from({ length: TENANTS }, (_, i) => ({ id: roomOf(i), name: `Room ${i}` })),
    limits: { calls: UNLIMITED, messages: UNLIMITED },
  });
  const addon = createAddon({ key: 'bench.echo', name: 'Echo', scopes: ['send_notification'] });
  addon.webhook({ event: 'room_message', pattern: /^\/echo (.+)/i }, ({ match }) => match?.[1] ?? '');
  const served = await serveAddon(addon, {
    port: 0,
    env: {},
    store: documents,
    allowPrivate: true,
    say: () => {},
    logger: createPlainLogger({ stream: process.stderr, level: 'error', now: () => Date.now() }),
  });
  try {
    for (let i = 0; i < TENANTS; i += 1) await chat.install(served.descriptorUrl, { room: roomOf(i) });
    const waits: number[] = [];
    let begun = 0;
    const talk = async (room: number, until: number): Promise<void> => {
      while (begun < until) {
        begun += 1;
        const at = performance.now();
        const [delivery] = await chat.say(room, ADA, '/echo hello');
        if (delivery?.status !== 200) throw new Error(`The add-on answered ${delivery?.status}.`);
        waits.push(performance.now() - at);
      }
    };
    const all = (until: number) => Promise.all(Array.from({ length: TENANTS }, (_, i) => talk(roomOf(i), until)));
    await all(TENANTS * 4);
    waits.length = 0;
    const [at, from] = [performance.now(), begun];
    await all(from + COMMANDS);
    const elapsed = performance.now() - at;
    waits.sort((a, b) => a - b);
    const share = (part: number) => (waits[Math.floor((waits.length - 1) * part)] ?? Number.NaN).toFixed(1);
    print(
      `  ${name.padEnd(8)} ${((waits.length / elapsed) * 1_000).toFixed(0).padStart(6)} a second   p50 ${share(0.5)} ms   p99 ${share(0.99)} ms`,
    );
  } finally {
    await served.close();
    await chat.close();
  }
}

print(`${TENANTS} tenants of an add-on, signed commands as fast as it goes, each room one at a time`);
await measure('memory', memoryDocuments());
const folder = mkdtempSync(join(tmpdir(), 'hipstatus-bench-tenants-'));
const store = await openSqliteStore({ folder, clock: systemClock });
await measure('SQLite', store.documents);
await store.close();
rmSync(folder, { recursive: true, force: true });
