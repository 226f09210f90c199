import { type Bus, unwrap } from './bus.ts';
import { Changes, type WaitOptions } from './wait.ts';

const SERVICE = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';

/** Why a notification went (Desktop Notifications Specification 1.2, NotificationClosed). */
const CLOSED = { 1: 'expired', 2: 'dismissed', 3: 'withdrawn' } as const;

/** A notification as the person saw it. `withdrawn`: the program took it back. */
export interface ShownNotification {
  /** Counts up from 1 with each Notify call; unlike `id`, never used twice. */
  readonly seq: number;
  readonly id: number;
  readonly replaces: number;
  readonly appName: string;
  readonly icon: string;
  readonly summary: string;
  readonly body: string;
  readonly actions: readonly { readonly key: string; readonly label: string }[];
  /** Electron sends no sound hints on Linux: whether a notification is silent can't be seen here. */
  readonly hints: Readonly<Record<string, unknown>>;
  readonly closed: (typeof CLOSED)[keyof typeof CLOSED] | undefined;
}

export interface NotificationWait extends WaitOptions {
  /** Only those shown later than this one (its `seq`). */
  readonly after?: number;
}

/** The desktop's notification area: shows, records and clicks notifications. */
export class Notifications {
  readonly #bus: Bus;
  readonly #shown: ShownNotification[] = [];
  readonly #changes = new Changes();
  #lastId = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async start(): Promise<void> {
    this.#bus.serve({
      path: PATH,
      interface: SERVICE,
      methods: {
        GetServerInformation: () => ['ssss', ['hipstatus-test', 'HipStatus', '1.0', '1.2']],
        GetCapabilities: () => ['as', [['actions', 'body', 'body-markup', 'persistence', 'sound']]],
        Notify: (args) => ['u', [this.#show(args)]],
        CloseNotification: ([id]) => {
          this.#close(Number(id), 3);
          return ['', []];
        },
      },
    });
    await this.#bus.own(SERVICE);
  }

  /** Everything shown so far, oldest first. */
  get all(): readonly ShownNotification[] {
    return this.#shown;
  }

  /** Those the person can see now. */
  get open(): readonly ShownNotification[] {
    return this.#shown.filter(({ closed }) => closed === undefined);
  }

  /** The last `seq`; give it as `after` to wait for what comes from now on. */
  get lastSeq(): number {
    return this.#shown.length;
  }

  /** Waits for a notification (shown before counts too, unless `after` says otherwise); gives the newest that fits. */
  waitFor(look: (shown: ShownNotification) => boolean, options: NotificationWait = {}): Promise<ShownNotification> {
    const { after = 0, ...wait } = options;
    return this.#changes.until(
      () => this.#shown.filter((shown) => shown.seq > after && look(shown)).at(-1),
      { what: 'a notification', ...wait },
      () =>
        this.#shown
          .map(({ seq, summary, body, closed }) => `\n#${seq} ${summary}: ${body} (${closed ?? 'open'})`)
          .join(''),
    );
  }

  /** Waits until a notification is gone. */
  async waitForClosed({ seq }: ShownNotification, options: WaitOptions = {}): Promise<ShownNotification> {
    const look = () => this.#shown.find((shown) => shown.seq === seq && shown.closed !== undefined);
    return this.#changes.until(look, { what: 'the notification to go', ...options });
  }

  /** The person clicks it (or one of its buttons); it goes, as on a real desktop. */
  click({ id }: ShownNotification, action = 'default'): void {
    this.#bus.emit(PATH, SERVICE, 'ActionInvoked', 'us', [id, action]);
    this.#close(id, 2);
  }

  /** The person closes it without a click. */
  dismiss({ id }: ShownNotification): void {
    this.#close(id, 2);
  }

  #show(args: unknown[]): number {
    const [appName, replaces, icon, summary, body, pairs, rawHints] = args as [
      string,
      number,
      string,
      string,
      string,
      string[],
      Record<string, unknown>,
    ];
    if (replaces === 0) this.#lastId += 1;
    const id = replaces === 0 ? this.#lastId : replaces;
    const hints = unwrap(rawHints) as Record<string, unknown>;
    const actions = pairs.flatMap((key, i) => (i % 2 === 0 ? [{ key, label: pairs[i + 1] ?? '' }] : []));
    const seq = this.#shown.length + 1;
    this.#shown.push({ seq, id, replaces, appName, icon, summary, body, actions, hints, closed: undefined });
    this.#changes.notify();
    return id;
  }

  #close(id: number, reason: keyof typeof CLOSED): void {
    const at = this.#shown.findLastIndex((shown) => shown.id === id && shown.closed === undefined);
    const shown = this.#shown[at];
    if (shown === undefined) return;
    this.#shown[at] = { ...shown, closed: CLOSED[reason] };
    this.#bus.emit(PATH, SERVICE, 'NotificationClosed', 'uu', [id, reason]);
    this.#changes.notify();
  }
}
