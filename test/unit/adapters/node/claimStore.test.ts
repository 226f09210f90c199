import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClaimStore } from '../../../../src/adapters/node/claimStore.ts';
import type { ChatRecord } from '../../../../src/core/claim.ts';
import { recordingLogger, tempFolder } from './tempFolder.ts';

const presence = (text: string) => ({ state: 'dnd', text, emoji: '', until: null }) as const;
const record = (text: string): ChatRecord => ({
  claim: {
    snapshot: presence('before'),
    snapshotIsAutomatic: false,
    isAcknowledged: true,
    asked: presence(text),
    written: null,
    previous: null,
    owns: { state: true, text: true },
    yielded: { state: false, text: false },
    restoring: false,
    end: 1_767_607_200_000,
    events: ['uid@2026-01-05T09:00:00.000Z'],
  },
  handsOff: [{ event: 'other', until: 1 }],
});

const setUp = () => {
  const file = path.join(tempFolder(), 'claims.json');
  const logger = recordingLogger();
  const open = () => createClaimStore({ file, logger, now: () => Date.parse('2026-01-05T09:00:00Z') });
  return { file, logger, open };
};

describe('createClaimStore', () => {
  it('is empty at first', async () => {
    expect(await setUp().open().load()).toEqual(new Map());
  });

  it('has the claim on disk when save resolves, and the next start finds it', async () => {
    const { open } = setUp();
    const store = open();
    await store.save('hipchat', record('one'));
    await store.save('slack', record('two'));
    await store.save('hipchat', record('three'));
    expect(await open().load()).toEqual(
      new Map([
        ['hipchat', record('three')],
        ['slack', record('two')],
      ]),
    );
  });

  it('keeps the other records when one is saved before the first load', async () => {
    const { open } = setUp();
    await open().save('slack', record('two'));
    await open().save('hipchat', record('one'));
    expect([...(await open().load()).keys()].sort()).toEqual(['hipchat', 'slack']);
  });

  it('forgets an account', async () => {
    const { open } = setUp();
    const store = open();
    await store.save('hipchat', record('one'));
    await store.save('hipchat', null);
    expect(await open().load()).toEqual(new Map());
  });

  it.each(['', '{"version":1,"chats":{"hip', '[]', '{"version":2,"chats":{}}'])(
    'sets a broken file aside and goes on: %j',
    async (text) => {
      const { file, logger, open } = setUp();
      writeFileSync(file, text);
      const store = open();
      expect(await store.load()).toEqual(new Map());
      const aside = `${file}.broken-2026-01-05T09-00-00Z`;
      expect(readFileSync(aside, 'utf8')).toBe(text);
      expect(logger.records).toMatchObject([{ level: 'error', fields: { aside } }]);
      await store.save('slack', record('two'));
      expect((await open().load()).size).toBe(1);
    },
  );

  it('sets one broken record aside and keeps the others', async () => {
    const { file, logger, open } = setUp();
    const broken = { claim: { snapshot: 'nonsense' } };
    writeFileSync(file, JSON.stringify({ version: 1, chats: { hipchat: broken, slack: record('two') } }));
    expect(await open().load()).toEqual(new Map([['slack', record('two')]]));
    const aside = readdirSync(path.dirname(file)).find((name) => name.includes('broken')) ?? '';
    expect(JSON.parse(readFileSync(path.join(path.dirname(file), aside), 'utf8'))).toMatchObject({
      chats: { hipchat: broken },
    });
    expect(logger.records).toMatchObject([{ level: 'error', fields: { count: 1 } }]);
    await open().load();
    expect(logger.records).toHaveLength(1);
  });

  it('throws when the claim cannot be written, and then does not pretend to have it', async () => {
    const { file, open } = setUp();
    const store = open();
    await store.load();
    mkdirSync(file);
    await expect(store.save('slack', record('two'))).rejects.toMatchObject({ name: 'AppError', code: 'unavailable' });
  });
});
