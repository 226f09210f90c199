import { Variant } from 'dbus-next';
import { type Bus, unwrap } from './bus.ts';
import type { Changes, WaitOptions } from './wait.ts';

const DBUSMENU = 'com.canonical.dbusmenu';

/** One item of a menu, as `com.canonical.dbusmenu` tells it (its defaults filled in). */
export interface MenuItem {
  readonly id: number;
  /** Without the mark of the access key. Empty for separators. */
  readonly label: string;
  readonly type: 'standard' | 'separator';
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly toggleType: '' | 'checkmark' | 'radio';
  /** Whether the check mark or radio dot is there. */
  readonly checked: boolean;
  readonly children: readonly MenuItem[];
}

/** Labels from the top of the menu to the item, e.g. `['Preferences', 'Open log']` or `['Preferences', /^Status/]`. */
export type MenuPath = readonly (string | RegExp)[];

/** The tray's menu: read, and clicked as a desktop does it. */
export class TrayMenu {
  readonly #bus: Bus;
  readonly #service: string;
  readonly #path: string;
  readonly #changes: Changes;

  /** @param changes told of the item's signals, the menu's among them */
  constructor(bus: Bus, service: string, path: string, changes: Changes) {
    this.#bus = bus;
    this.#service = service;
    this.#path = path;
    this.#changes = changes;
  }

  /** The whole menu as it is now: its top items. */
  async read(): Promise<readonly MenuItem[]> {
    const [, layout] = await this.#call('GetLayout', 'iias', [0, -1, []]);
    return toItem(unwrap(layout)).children;
  }

  /** The item at a path as it is now; undefined when there is none. */
  async find(path: MenuPath): Promise<MenuItem | undefined> {
    return trail(await this.read(), path)?.at(-1);
  }

  /**
   * Clicks an item: opens the submenus on the way, then the item itself. Waits for it to be there and enabled.
   *
   * @throws Error when it is not there, or greyed out, for the whole time
   */
  async click(path: MenuPath, options: WaitOptions = {}): Promise<void> {
    let seen: readonly MenuItem[] = [];
    const found = await this.#changes.until(
      async () => {
        seen = await this.read();
        const items = trail(seen, path);
        return items?.at(-1)?.enabled === true && items;
      },
      { what: `the menu item ${path.join(' › ')}, to click it`, ...options },
      () => outline(seen),
    );
    await this.#aboutToShow(0);
    try {
      for (const { id, children } of found.slice(0, -1)) {
        if (children.length === 0) continue;
        await this.#event(id, 'opened');
        await this.#aboutToShow(id);
      }
      await this.#event(found.at(-1)?.id ?? 0, 'clicked');
    } catch (error) {
      // The app has put another menu in place meanwhile: the item that was found is gone, and nothing was clicked.
      const now = trail(await this.read(), path)?.at(-1);
      if (now === undefined || now.id === found.at(-1)?.id) throw error;
      await this.click(path, options);
    }
  }

  /** Waits until the menu is as `look` wants it (looked at again after each change of the menu). */
  async waitFor(look: (menu: readonly MenuItem[]) => boolean, options: WaitOptions = {}): Promise<readonly MenuItem[]> {
    let seen: readonly MenuItem[] = [];
    return this.#changes.until(
      async () => {
        seen = await this.read();
        return look(seen) && seen;
      },
      { what: 'the menu to change', ...options },
      () => outline(seen),
    );
  }

  /** Waits until there is an item at a path (enabled or not). */
  async waitForItem(path: MenuPath, options: WaitOptions = {}): Promise<MenuItem> {
    const menu = await this.waitFor((items) => trail(items, path) !== undefined, {
      what: `the menu item ${path.join(' › ')}`,
      ...options,
    });
    const item = trail(menu, path)?.at(-1);
    if (item === undefined) throw new Error('the item went away');
    return item;
  }

  #call(member: string, signature: string, values: unknown[]): Promise<unknown[]> {
    return this.#bus.call(this.#service, this.#path, DBUSMENU, member, signature, values);
  }

  /** A courtesy call: Chromium answers it with an error where a menu has nothing to fill in. Desktops go on, so do we. */
  async #aboutToShow(id: number): Promise<void> {
    await this.#call('AboutToShow', 'i', [id]).catch(() => undefined);
  }

  async #event(id: number, event: 'opened' | 'clicked'): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    await this.#call('Event', 'isvu', [id, event, new Variant('i', 0), now]);
  }
}

/** The items from the top to the one at the path; invisible items are not there. */
function trail(items: readonly MenuItem[], path: MenuPath): MenuItem[] | undefined {
  const [wanted, ...rest] = path;
  const item = items.find(({ label, visible, type }) => {
    if (!visible || type === 'separator' || wanted === undefined) return false;
    return typeof wanted === 'string' ? label === wanted : wanted.test(label);
  });
  if (item === undefined) return undefined;
  if (rest.length === 0) return [item];
  const below = trail(item.children, rest);
  return below && [item, ...below];
}

/** The menu as indented lines, for messages and for reading in a log. */
export function outline(items: readonly MenuItem[], depth = 0): string {
  return items
    .filter(({ visible }) => visible)
    .map((item) => {
      const mark = item.toggleType === '' ? '' : item.checked ? '[x] ' : '[ ] ';
      const text = item.type === 'separator' ? '—' : `${mark}${item.label}${item.enabled ? '' : ' (greyed)'}`;
      return `\n${'  '.repeat(depth)}${text}${outline(item.children, depth + 1)}`;
    })
    .join('');
}

/** One node of GetLayout's answer: `(ia{sv}av)`. */
function toItem(node: unknown): MenuItem {
  const [id, properties, children] = node as [number, Record<string, unknown>, unknown[]];
  return {
    id,
    label: plainLabel(String(properties['label'] ?? '')),
    type: properties['type'] === 'separator' ? 'separator' : 'standard',
    enabled: properties['enabled'] !== false,
    visible: properties['visible'] !== false,
    toggleType: (properties['toggle-type'] ?? '') as MenuItem['toggleType'],
    checked: properties['toggle-state'] === 1,
    children: children.map(toItem),
  };
}

/** A single underscore marks the access key; two are one underscore. */
function plainLabel(label: string): string {
  return label.replace(/_(_?)/g, '$1');
}
