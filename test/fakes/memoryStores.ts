import type { ActivityEntry } from '../../src/core/activity.ts';
import { AppError } from '../../src/core/appError.ts';
import type { ChatRecord } from '../../src/core/claim.ts';
import type { SecretName } from '../../src/core/secretNames.ts';
import {
  type LayeredSettings,
  layerSettings,
  overlaySettings,
  type Settings,
  type Tree,
} from '../../src/core/settings.ts';
import type { ActivityLog } from '../../src/ports/activityLog.ts';
import type { ClaimStore } from '../../src/ports/claimStore.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { SecretStore } from '../../src/ports/secretStore.ts';
import type { SettingsStore } from '../../src/ports/settingsStore.ts';

/** What would be on disk, with the order in which it came there. */
export class MemoryClaims implements ClaimStore {
  readonly records = new Map<string, ChatRecord>();
  /** Called at each save, before it is kept; may throw. */
  onSave: (accountId: string, record: ChatRecord | null) => void = () => {};

  async load(): Promise<ReadonlyMap<string, ChatRecord>> {
    return new Map(this.records);
  }

  peek(): Promise<ReadonlyMap<string, ChatRecord>> {
    return this.load();
  }

  async save(accountId: string, record: ChatRecord | null): Promise<void> {
    this.onSave(accountId, record);
    if (record === null) this.records.delete(accountId);
    else this.records.set(accountId, record);
  }
}

/** Keeps everything. */
export class MemoryActivity implements ActivityLog {
  readonly added: ActivityEntry[] = [];

  add(entry: ActivityEntry): void {
    this.added.push(entry);
  }

  entries(): readonly ActivityEntry[] {
    return [...this.added];
  }

  tidy(): void {}
}

export class MemorySecrets implements SecretStore {
  readonly values = new Map<string, string>();
  isLocked = false;

  async get(name: SecretName): Promise<string | null> {
    await this.probe();
    return this.values.get(key(name)) ?? null;
  }

  async set(name: SecretName, value: string): Promise<void> {
    await this.probe();
    this.values.set(key(name), value);
  }

  async delete(name: SecretName): Promise<boolean> {
    await this.probe();
    return this.values.delete(key(name));
  }

  async probe(): Promise<void> {
    if (this.isLocked) throw new AppError('locked', 'The keychain is locked. Unlock it.');
  }
}

const key = ({ kind, account }: SecretName) => `${kind}/${account}`;

export class MemorySettings implements SettingsStore {
  #user: Tree;
  #layered: LayeredSettings;
  readonly #listeners = new Set<(settings: Settings) => void>();

  readonly #managed: Tree;

  /** @param managed what the organisation has set */
  constructor(user: Tree = {}, managed: Tree = {}) {
    this.#user = user;
    this.#managed = managed;
    this.#layered = layerSettings(user, managed);
  }

  get(): Settings {
    return this.#layered.settings;
  }

  locked(): ReadonlySet<string> {
    return this.#layered.locked;
  }

  problems() {
    return this.#layered.problems;
  }

  update(change: Partial<Settings>): void {
    this.#user = overlaySettings(this.#user, change);
    this.#layered = layerSettings(this.#user, this.#managed);
    for (const listener of this.#listeners) listener(this.get());
  }

  subscribe(onChange: (settings: Settings) => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }
}

/** Keeps its lines, so that a test can look for what must not be in them. */
export class MemoryLogger implements Logger {
  readonly lines: string[] = [];

  debug = this.#log('debug');
  info = this.#log('info');
  warn = this.#log('warn');
  error = this.#log('error');

  named(): Logger {
    return this;
  }

  #log(level: string) {
    return (message: string, fields: object = {}) =>
      void this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}
