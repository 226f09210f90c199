import { Variant } from 'dbus-next';
import { type Bus, unwrap } from './bus.ts';
import { fromPixmaps, fromPngFile, type Icon } from './icon.ts';
import { TrayMenu } from './menu.ts';
import { Changes, type WaitOptions } from './wait.ts';

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const ITEM_PATH = '/StatusNotifierItem';

/** What a tray icon shows (the properties of `org.kde.StatusNotifierItem`). */
export interface TrayState {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly toolTip: string;
  /** An icon's name or file, when the program sends one instead of pixels. */
  readonly iconName: string;
  readonly icon: Icon | undefined;
}

/** One icon in the tray. */
export class TrayItem {
  readonly service: string;
  /** The process that put it there. */
  readonly pid: number | undefined;
  readonly menu: TrayMenu;
  readonly #bus: Bus;
  readonly #changes: Changes;

  constructor(bus: Bus, service: string, pid: number | undefined, menuPath: string, changes: Changes) {
    this.#bus = bus;
    this.service = service;
    this.pid = pid;
    this.#changes = changes;
    this.menu = new TrayMenu(bus, service, menuPath, changes);
  }

  /** What it shows now. */
  async read(): Promise<TrayState> {
    const all = await this.#bus.properties(this.service, ITEM_PATH, ITEM);
    const iconName = String(all['IconName'] ?? '');
    const pixmaps = (all['IconPixmap'] ?? []) as [number, number, Buffer][];
    // ToolTip is (sa(iiay)ss): icon name, pixmaps, title, text.
    const [, , tipTitle = '', tipText = ''] = (all['ToolTip'] ?? []) as [string, unknown, string, string];
    return {
      id: String(all['Id'] ?? ''),
      title: String(all['Title'] ?? ''),
      status: String(all['Status'] ?? ''),
      toolTip: [tipTitle, tipText].filter((part) => part !== '').join('\n'),
      iconName,
      icon: iconName.startsWith('/') ? fromPngFile(iconName) : fromPixmaps(pixmaps),
    };
  }

  /** Waits until it shows what `look` wants (looked at again after each of its signals). */
  async waitFor(look: (state: TrayState) => boolean, options: WaitOptions = {}): Promise<TrayState> {
    let seen: TrayState | undefined;
    return this.#changes.until(
      async () => {
        seen = await this.read();
        return look(seen) && seen;
      },
      { what: 'the tray icon to change', ...options },
      () => `tooltip "${seen?.toolTip}", icon ${seen?.icon?.fingerprint}`,
    );
  }

  /** A plain click on the icon. */
  async activate(): Promise<void> {
    await this.#bus.call(this.service, ITEM_PATH, ITEM, 'Activate', 'ii', [0, 0]);
  }
}

/** The desktop's tray: programs register their icons here. */
export class TrayWatcher {
  readonly #bus: Bus;
  readonly #items = new Map<string, { readonly item: TrayItem; readonly changes: Changes }>();
  readonly #changes = new Changes();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** Takes the tray's name on the bus. To be called before the program starts: it looks for the tray only then. */
  async start(): Promise<void> {
    this.#bus.serve({
      path: WATCHER_PATH,
      interface: WATCHER,
      methods: {
        RegisterStatusNotifierItem: (_args, sender) => {
          void this.#add(sender);
          return ['', []];
        },
        RegisterStatusNotifierHost: () => ['', []],
      },
      properties: {
        RegisteredStatusNotifierItems: () => new Variant('as', [...this.#items.keys()]),
        IsStatusNotifierHostRegistered: () => new Variant('b', true),
        ProtocolVersion: () => new Variant('i', 0),
      },
    });
    this.#bus.onSignal(({ sender, member, args }) => {
      const [name, , newOwner] = args;
      if (member === 'NameOwnerChanged' && newOwner === '' && this.#items.delete(String(name))) this.#changes.notify();
      this.#items.get(sender)?.changes.notify();
    });
    await this.#bus.own(WATCHER);
    this.#bus.emit(WATCHER_PATH, WATCHER, 'StatusNotifierHostRegistered', '', []);
  }

  /** The icons that are in the tray now, oldest first. */
  get items(): readonly TrayItem[] {
    return [...this.#items.values()].map(({ item }) => item);
  }

  /** Waits for an icon; with `pid`, for that process's, with `notOf` for one of any other. Gives the newest. */
  waitForItem({
    pid,
    notOf = [],
    ...options
  }: WaitOptions & { pid?: number | undefined; notOf?: readonly number[] } = {}): Promise<TrayItem> {
    const fits = (item: TrayItem) => pid === undefined || item.pid === pid;
    const look = () => this.items.filter((item) => fits(item) && !notOf.includes(item.pid ?? 0)).at(-1);
    return this.#changes.until(look, { what: 'an icon in the tray', ...options });
  }

  /** Waits until no icon (of that process) is in the tray. */
  async waitForNone({ pid, ...options }: WaitOptions & { pid?: number | undefined } = {}): Promise<void> {
    const look = () => !this.items.some((item) => pid === undefined || item.pid === pid);
    await this.#changes.until(look, { what: 'the tray to be empty', ...options });
  }

  /** Electron has a bus connection for each icon, so the connection's own name tells icons apart. */
  async #add(sender: string): Promise<void> {
    const changes = new Changes();
    await this.#bus.listen(sender, () => undefined);
    const [menuPath] = await this.#bus.call(sender, ITEM_PATH, 'org.freedesktop.DBus.Properties', 'Get', 'ss', [
      ITEM,
      'Menu',
    ]);
    const pid = await this.#bus.pidOf(sender);
    this.#items.set(sender, { item: new TrayItem(this.#bus, sender, pid, String(unwrap(menuPath)), changes), changes });
    this.#bus.emit(WATCHER_PATH, WATCHER, 'StatusNotifierItemRegistered', 's', [sender]);
    this.#changes.notify();
  }
}
