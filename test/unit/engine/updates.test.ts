import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/appError.ts';
import type { Notice } from '../../../src/core/notice.ts';
import { STARTING_STATE, type SyncState } from '../../../src/core/syncState.ts';
import { ENGLISH } from '../../../src/core/texts.ts';
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts';
import { type UpdateState, updateState } from '../../../src/core/updateState.ts';
import { UpdateNotice } from '../../../src/engine/updateNotice.ts';
import { Updates } from '../../../src/engine/updates.ts';
import { FakeClock, settle } from '../../fakes/fakeClock.ts';
import { FakeUpdater, MemoryUpdates } from '../../fakes/fakeUpdater.ts';
import { MemoryLogger, MemorySettings } from '../../fakes/memoryStores.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const FEED = 'https://updates.example/hipstatus';
const NEW = { version: '2.1.0', notes: '- faster', isOlder: false };
const FREE: SyncState = {
  ...STARTING_STATE,
  phase: 'running',
  now: { state: null, until: null },
  lastSyncAt: NOW,
  calendars: [{ id: 'work', provider: 'ics', label: 'Work', health: 'ok', lastReadAt: NOW, error: null }],
};
const MEETING: Partial<SyncState> = { now: { state: 'dnd', until: NOW + DAY } };

interface WorldOptions {
  readonly updates?: object;
  readonly feed?: string;
  readonly record?: MemoryUpdates['record'];
}

class World {
  readonly clock = new FakeClock(NOW);
  readonly updater = new FakeUpdater();
  readonly memory = new MemoryUpdates();
  readonly logger = new MemoryLogger();
  readonly settings: MemorySettings;
  readonly states: UpdateState[] = [];
  readonly shown: Notice[] = [];
  readonly closed: string[] = [];
  readonly actions: string[] = [];
  readonly updates: Updates;
  readonly notice: UpdateNotice;
  isWindowOpen = false;
  restarts: (() => Promise<void>)[] = [];
  #engine: SyncState = FREE;
  #tell: (state: SyncState) => void = () => {};

  constructor({ updates = {}, feed = FEED, record }: WorldOptions = {}) {
    this.settings = new MemorySettings({ updates, organisation: { updateFeedUrl: feed } });
    if (record !== undefined) this.memory.record = record;
    this.updates = new Updates({
      updater: this.updater,
      memory: this.memory,
      engine: {
        state: () => this.#engine,
        onState: (listener) => {
          this.#tell = listener;
          return () => {
            this.#tell = () => {};
          };
        },
      },
      settings: this.settings,
      clock: this.clock,
      logger: this.logger,
      isWindowOpen: () => this.isWindowOpen,
      restart: (install) => this.restarts.push(install),
    });
    this.updates.onState((state) => this.states.push(state));
    this.notice = new UpdateNotice({
      updates: this.updates,
      settings: this.settings,
      speech: () => ENGLISH,
      version: '2.0.0',
      notifier: {
        show: (notice, onClick) => {
          this.shown.push(notice);
          onClick();
        },
        close: (id) => this.closed.push(id),
      },
      onAction: ({ kind }) => this.actions.push(kind),
    });
    this.updates.start();
    this.notice.start();
  }

  engine(state: Partial<SyncState>): void {
    this.#engine = { ...FREE, ...state };
    this.#tell(this.#engine);
  }

  get state(): UpdateState {
    return this.updates.state();
  }

  get kinds(): readonly string[] {
    return this.states.map(({ kind }) => kind);
  }
}

describe('looking for updates', () => {
  it.each([
    [{ feed: '' }, 'noFeed'],
    [{ updates: { mode: 'off' } }, 'mode'],
  ] as const)('is off: %j', async (options, why) => {
    const { updates, updater, clock } = new World(options);
    expect(updates.state()).toEqual({ kind: 'off', why });
    await updates.look();
    await updates.install();
    await clock.advance(3 * DAY);
    expect([updater.did, clock.timers]).toEqual([[], 0]);
  });

  it('is off where the app can not replace itself', async () => {
    const world = new World({ feed: '' });
    world.updater.can = 'no';
    world.settings.update({ organisation: { ...world.settings.get().organisation, updateFeedUrl: FEED } });
    expect(world.state).toEqual({ kind: 'off', why: 'unsupported' });
  });

  it('happens some minutes after the start, then once a day', async () => {
    const { updater, clock, updates } = new World();
    await clock.advance(5 * MINUTE - 1);
    expect(updater.did).toEqual([]);
    await clock.advance(10 * MINUTE);
    expect(updater.did).toEqual(['look']);
    expect(updates.state()).toEqual({ kind: 'idle', lookedAt: NOW + 10 * MINUTE });
    await clock.advance(10 * DAY);
    expect(updater.did.length).toBeGreaterThanOrEqual(9);
    expect(updater.did.length).toBeLessThanOrEqual(11);
  });

  it('happens at once by word, and not twice at a time', async () => {
    const { updater, updates, clock } = new World();
    let go = () => {};
    updater.waitFor = new Promise((resolve) => {
      go = resolve;
    });
    const looked = Promise.all([updates.look(), updates.look()]);
    expect(updates.state()).toEqual({ kind: 'checking' });
    go();
    await looked;
    expect(updater.did).toEqual(['look']);
    expect(clock.timers).toBe(1);
  });

  it('tells the feed, the channel and a share that is drawn once', async () => {
    const { updater, updates, memory } = new World({ updates: { channel: 'beta' } });
    await updates.look();
    expect(memory.record).toEqual({ attempted: null, share: 0.5 });
    memory.record = { attempted: null, share: 0.25 };
    await updates.look();
    expect(updater.sources).toEqual([
      { feed: FEED, channel: 'beta', share: 0.5 },
      { feed: FEED, channel: 'beta', share: 0.25 },
    ]);
  });

  it('fails into the state, and is tried again later and later', async () => {
    const { updater, updates, clock, logger } = new World();
    updater.error = new AppError('network', 'https://secret.example could not be reached', { reason: 'dns' });
    await updates.look();
    expect(updates.state()).toEqual({ kind: 'failed', code: 'network', reason: 'dns', version: null });
    await clock.advance(4 * HOUR);
    expect(updater.did.length).toBe(3);
    await clock.advance(10 * DAY);
    expect(updater.did.length).toBeLessThan(18);
    expect(logger.lines.join('\n')).not.toContain('secret');
    updater.error = null;
    await updates.look();
    expect(updates.state().kind).toBe('idle');
  });

  it('begins anew when feed, channel or mode change, and gives up what is under way', async () => {
    const world = new World();
    world.updater.waitFor = new Promise(() => {});
    void world.updates.look();
    await settle();
    world.settings.update({ updates: { mode: 'notify', channel: 'beta' } });
    expect(world.updater.aborted).toEqual(['look']);
    expect(world.state).toEqual({ kind: 'idle', lookedAt: null });
    world.updater.waitFor = null;
    await world.clock.advance(MINUTE);
    expect(world.updater.sources.at(-1)?.channel).toBe('beta');
    world.settings.update({ statusMessage: 'Busy' });
    await world.clock.advance(MINUTE);
    expect(world.updater.did).toHaveLength(2);
  });

  it('leaves no timer and no work behind', async () => {
    const { updates, updater, clock, notice } = new World();
    let go = () => {};
    updater.waitFor = new Promise((resolve) => {
      go = resolve;
    });
    const looked = updates.look();
    await settle();
    updates.stop();
    notice.stop();
    go();
    await looked;
    expect([updater.aborted, clock.timers, updates.state().kind]).toEqual([['look'], 0, 'checking']);
  });
});

describe('a new version, told of', () => {
  it('waits for the person, is announced once, and goes when they say so', async () => {
    const world = new World();
    world.updater.found = NEW;
    await world.updates.look();
    const notes = [{ kind: 'item', text: 'faster' }];
    expect(world.state).toEqual({ kind: 'available', version: '2.1.0', notes });
    await world.updates.look();
    await world.clock.advance(3 * DAY);
    expect(world.shown.map(({ title }) => title)).toEqual(['HipStatus 2.1.0 is there']);
    expect(world.actions).toEqual(['update']);
    expect(world.updater.did).not.toContain('download');
    await world.updates.install();
    expect(world.kinds.slice(-4)).toEqual(['downloading', 'downloading', 'downloading', 'installing']);
    expect(world.memory.record.attempted).toBe('2.1.0');
    expect(world.restarts).toHaveLength(1);
    expect(world.closed).toContain('update');
    await world.restarts[0]?.();
    expect(world.updater.did.at(-1)).toBe('install');
  });

  it('is not announced to whom nothing is to be announced', async () => {
    const world = new World();
    world.settings.update({ notifications: { status: true, problems: false } });
    world.updater.found = NEW;
    await world.updates.look();
    expect(world.shown).toEqual([]);
    expect(world.state.kind).toBe('available');
  });

  it('is announced anew when it is another', async () => {
    const world = new World();
    world.updater.found = NEW;
    await world.updates.look();
    world.updater.found = { ...NEW, version: '2.1.1' };
    await world.updates.look();
    expect(world.shown.map(({ title }) => title)).toEqual(['HipStatus 2.1.0 is there', 'HipStatus 2.1.1 is there']);
  });

  it('is installed after the meeting when it was asked for in one', async () => {
    const world = new World();
    world.engine(MEETING);
    world.updater.found = NEW;
    await world.updates.look();
    await world.updates.install();
    expect(world.state).toMatchObject({ kind: 'ready', waitsFor: 'meeting' });
    await world.updates.install();
    await world.clock.advance(HOUR);
    expect(world.restarts).toEqual([]);
    world.engine({});
    expect(world.restarts).toHaveLength(1);
  });

  it('is not held up by a busy time that the person set, by a window, or by what no calendar knows', async () => {
    for (const state of [{ now: null }, MEETING]) {
      const world = new World();
      const until = new Date(NOW + HOUR).toISOString();
      const busy = { from: new Date(NOW).toISOString(), until, text: '' };
      if (state === MEETING) world.settings.update({ overrides: { ...world.settings.get().overrides, busy } });
      world.engine(state);
      world.isWindowOpen = true;
      world.updater.found = NEW;
      await world.updates.look();
      await world.updates.install();
      expect(world.restarts).toHaveLength(1);
    }
  });

  it('says what went wrong with it, and can be asked for again', async () => {
    const world = new World();
    world.updater.found = NEW;
    await world.updates.look();
    world.updater.error = new AppError('badResponse', 'x', { reason: 'checksum' });
    await world.updates.install();
    expect(world.state).toEqual({ kind: 'failed', code: 'badResponse', reason: 'checksum', version: '2.1.0' });
    world.notice.answer();
    expect(world.shown.at(-1)?.body).toContain('not what the list of versions promises');
    expect(world.shown.at(-1)?.action).toEqual({ kind: 'update' });
    world.updater.error = new AppError('network', 'x', { reason: 'dns' });
    await world.updates.install();
    world.notice.answer();
    expect(world.shown.at(-1)).toMatchObject({
      body: expect.stringContaining('“Check the connections” says more'),
      action: { kind: 'checks' },
    });
    world.updater.error = null;
    await world.updates.install();
    expect(world.restarts).toHaveLength(1);
  });
});

describe('a new version that goes by itself', () => {
  const install = { updates: { mode: 'install' } };

  it('is loaded and installed at a quiet time, without a word', async () => {
    const world = new World(install);
    world.updater.found = NEW;
    await world.clock.advance(20 * MINUTE);
    expect(world.updater.did).toEqual(['look', 'download']);
    expect([world.restarts.length, world.shown]).toEqual([1, []]);
  });

  it.each<[string, Partial<SyncState>, string]>([
    ['in a meeting', MEETING, 'meeting'],
    ['while the person is away', { now: { state: 'away', until: null } }, 'meeting'],
    ['just before a meeting', { next: { state: 'dnd', at: NOW + 4 * MINUTE } }, 'meeting'],
    ['while no calendar could be read', { now: null }, 'meeting'],
    ['before it is set up', { phase: 'setup', now: null, calendars: [] }, 'quiet'],
  ])('never %s', async (_what, state, waitsFor) => {
    const world = new World(install);
    world.engine(state);
    world.updater.found = NEW;
    await world.updates.look();
    expect(world.state).toMatchObject({ kind: 'ready', waitsFor });
    expect([world.restarts, world.shown]).toEqual([[], []]);
    world.engine({});
    expect(world.restarts).toHaveLength(1);
  });

  it('goes while paused, with a meeting far off, and with the end of one to come', async () => {
    for (const state of [
      { phase: 'paused', pausedUntil: 'forever' },
      { next: { state: 'dnd', at: NOW + HOUR } },
      { next: { state: null, at: NOW + MINUTE } },
    ] as const) {
      const world = new World(install);
      world.engine(state);
      world.updater.found = NEW;
      await world.updates.look();
      expect(world.restarts, JSON.stringify(state)).toHaveLength(1);
    }
  });

  it('waits until no window is open, and looks for that by itself', async () => {
    const world = new World(install);
    world.isWindowOpen = true;
    world.updater.found = NEW;
    await world.updates.look();
    expect(world.state).toMatchObject({ waitsFor: 'quiet' });
    await world.clock.advance(HOUR);
    expect(world.restarts).toEqual([]);
    world.isWindowOpen = false;
    await world.clock.advance(2 * MINUTE);
    expect(world.restarts).toHaveLength(1);
  });

  it('is installed once, whatever comes after', async () => {
    const world = new World(install);
    world.updater.found = NEW;
    await world.updates.look();
    world.engine({});
    world.engine(MEETING);
    world.engine({});
    await world.updates.install();
    await world.updates.look();
    await world.clock.advance(2 * DAY);
    expect([world.restarts.length, world.updater.did, world.clock.timers]).toEqual([1, ['look', 'download'], 0]);
  });

  it('waits for the person where the system asks for a password, and where it is a step back', async () => {
    const deb = new World(install);
    deb.updater.can = 'asking';
    deb.updater.found = NEW;
    await deb.updates.look();
    expect(deb.state).toMatchObject({ kind: 'ready', waitsFor: null });
    expect(deb.shown.map(({ title }) => title)).toEqual(['HipStatus 2.1.0 is ready']);
    expect(deb.restarts).toEqual([]);
    await deb.updates.install();
    expect(deb.restarts).toHaveLength(1);
    const older = new World(install);
    older.updater.found = { ...NEW, version: '1.9.0', isOlder: true };
    await older.updates.look();
    expect(older.state.kind).toBe('available');
  });

  it('that did not come is not tried again by itself, and by word it is', async () => {
    const world = new World({ ...install, record: { attempted: '2.1.0', share: 0.1 } });
    expect(world.state).toEqual({ kind: 'failed', code: 'unavailable', reason: 'notInstalled', version: '2.1.0' });
    expect(world.memory.record).toEqual({ attempted: null, share: 0.1 });
    world.updater.found = NEW;
    await world.clock.advance(2 * DAY);
    expect(world.state.kind).toBe('available');
    expect(world.restarts).toEqual([]);
    await world.updates.install();
    expect(world.restarts).toHaveLength(1);
  });

  it('that has come is forgotten', () => {
    const world = new World({ ...install, record: { attempted: '2.0.0', share: 0.1 } });
    expect(world.state).toEqual({ kind: 'idle', lookedAt: null });
    expect(world.memory.record.attempted).toBeNull();
  });

  it('is not begun when that could not be remembered', async () => {
    const world = new World({ ...install, record: { attempted: null, share: 0.1 } });
    world.memory.error = new AppError('unavailable', 'The disk is full.', { reason: 'diskFull' });
    world.updater.found = NEW;
    await world.updates.look();
    expect(world.state).toMatchObject({ kind: 'failed', reason: 'diskFull' });
    expect(world.restarts).toEqual([]);
  });
});

describe('the state', () => {
  it('is plain data that the windows understand', async () => {
    const world = new World({ updates: { mode: 'install' } });
    world.engine(MEETING);
    world.updater.found = NEW;
    await world.updates.look();
    world.updater.error = new AppError('network', 'x');
    await world.updates.look();
    expect(world.states.map((state) => updateState.parse(state))).toEqual(world.states);
    expect(new Set(world.kinds)).toEqual(new Set(['idle', 'checking', 'downloading', 'ready', 'failed']));
  });
});
