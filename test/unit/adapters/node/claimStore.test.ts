import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, createClaimStore } from '../../../../src/adapters/node/claimStore.ts';
import type { ChatRecord } from '../../../../src/core/claim.ts';
import { recordingLogger, tempFolder } from './tempFolder.ts';

const presence = (text: string) => ({ state: 'dnd', text, emoji: '', until: null }) as const;
const record = (text: string): ChatRecord => ({
  claim: {
    snapshot: presence('before'),
    snapshotIsAutomatic: false,
    isAnswered: false,
    asked: presence(text),
    written: null,
    previous: null,
    previousEnd: null,
    previousOwns: { state: false, text: false },
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

describe('two copies', () => {
  /** Two saves: both files say `two`. */
  const saved = async () => {
    const { file, logger, open } = setUp();
    const store = open();
    await store.save('hipchat', record('one'));
    const before = readFileSync(file);
    await store.save('hipchat', record('two'));
    return { file, copy: copyOf(file), logger, open, store, before, whole: readFileSync(file) };
  };
  const shown = async (open: ReturnType<typeof setUp>['open']) =>
    (await open().peek()).get('hipchat')?.claim?.asked.text ?? null;

  it('say the same once a save resolves', async () => {
    const { copy, whole } = await saved();
    expect(path.basename(copy)).toBe('claims.copy.json');
    expect(readFileSync(copy)).toEqual(whole);
  });

  it.each([0, 1])('cut off at any byte, file %i: the other one holds', async (index) => {
    const { file, copy, open, whole } = await saved();
    const one = index === 0 ? file : copy;
    const lost: number[] = [];
    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(one, whole.subarray(0, length));
      if ((await shown(open)) !== 'two') lost.push(length);
    }
    expect(lost).toEqual([]);
  });

  it('changed at any byte, the other one holds', async () => {
    const { file, open, whole } = await saved();
    const lost: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      if ((await shown(open)) !== 'two') lost.push(at);
    }
    expect(lost).toEqual([]);
  });

  it('stopped between the two, the newer one is believed, and the older one where the newer is torn', async () => {
    const { file, copy, open, before } = await saved();
    writeFileSync(copy, before);
    expect(await shown(open)).toBe('two');
    writeFileSync(file, '');
    expect(await shown(open)).toBe('one');
  });

  it('are made the same again at the next start, and what was torn is set aside', async () => {
    const { file, copy, open, logger } = await saved();
    writeFileSync(file, 'torn');
    expect((await open().load()).get('hipchat')).toEqual(record('two'));
    expect(readFileSync(file)).toEqual(readFileSync(copy));
    expect(readFileSync(`${file}.broken-2026-01-05T09-00-00Z`, 'utf8')).toBe('torn');
    expect(logger.records).toMatchObject([{ level: 'warn' }]);
    rmSync(file);
    expect((await open().load()).get('hipchat')).toEqual(record('two'));
    expect(existsSync(file)).toBe(true);
    await open().load();
    expect(logger.records).toHaveLength(2);
  });

  it('are left as they are by those who only look on', async () => {
    const { file, copy, open, before } = await saved();
    writeFileSync(copy, before);
    writeFileSync(file, 'torn');
    expect(await shown(open)).toBe('one');
    expect([readFileSync(file, 'utf8'), readFileSync(copy)]).toEqual(['torn', before]);
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['claims.copy.json', 'claims.json']);
  });

  it('go on where one of them can not be repaired', async () => {
    const { file, open, logger } = await saved();
    rmSync(file);
    mkdirSync(path.join(file, 'in the way'), { recursive: true });
    const store = open();
    expect((await store.load()).get('hipchat')).toEqual(record('two'));
    expect(logger.records.map(({ level }) => level)).toEqual(['warn']);
    await expect(store.save('hipchat', record('three'))).rejects.toMatchObject({ name: 'AppError' });
    expect(await shown(open)).toBe('two');
  });

  it('take over the one file of an older version, also one written after the copy', async () => {
    const { file, copy, open, store } = await saved();
    const old = { version: 1, chats: { hipchat: record('old') } };
    writeFileSync(file, JSON.stringify(old));
    expect(await shown(open)).toBe('old');
    expect((await store.load()).get('hipchat')).toEqual(record('old'));
    expect(readFileSync(copy)).toEqual(readFileSync(file));
    rmSync(copy);
    writeFileSync(file, JSON.stringify(old));
    expect((await open().load()).size).toBe(1);
    expect(existsSync(copy)).toBe(true);
  });

  it('are told apart from what a crash left half-written', async () => {
    const { file, open } = await saved();
    const folder = path.dirname(file);
    writeFileSync(path.join(folder, '.claims.json.7.1.tmp'), '{"ver');
    writeFileSync(path.join(folder, '.claims.copy.json.7.2.tmp'), '');
    await open().load();
    expect(readdirSync(folder).sort()).toEqual(['claims.copy.json', 'claims.json']);
  });
});
