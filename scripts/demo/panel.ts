import { Message, type MessageBus, MessageType, RequestNameReply, sessionBus, Variant } from 'dbus-next';

// The freedesktop.org Notifications and StatusNotifierItem specifications.
const NOTIFICATIONS = 'org.freedesktop.Notifications';
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const DO_NOT_QUEUE = 4;

export interface PanelEvents {
  onNotification(title: string, body: string): void;
  /** An icon is in the tray, or its tooltip has changed. */
  onTray(toolTip: string): void;
}

/** The part of a desktop that a private session lacks: a place for the tray's icons and for notifications. */
export class Panel {
  readonly #bus: MessageBus;
  readonly #events: PanelEvents;
  #lastId = 0;
  #toolTip = '';

  private constructor(bus: MessageBus, events: PanelEvents) {
    this.#bus = bus;
    this.#events = events;
  }

  /** Takes its places on the session bus. To be opened before the app starts. */
  static async open(events: PanelEvents): Promise<Panel> {
    const bus = sessionBus();
    const panel = new Panel(bus, events);
    await new Promise<void>((resolve, reject) => {
      bus.on('connect', resolve);
      bus.on('error', reject);
    });
    bus.addMethodHandler((message: Message) => panel.#answer(message));
    bus.on('message', (message: Message) => {
      if (message.type === MessageType.SIGNAL && message.interface === ITEM) void panel.#look(message.sender);
    });
    for (const name of [NOTIFICATIONS, WATCHER]) {
      const reply = await bus.requestName(name, DO_NOT_QUEUE);
      if (reply !== RequestNameReply.PRIMARY_OWNER) throw new Error(`another program owns ${name}`);
    }
    return panel;
  }

  close(): void {
    this.#bus.disconnect();
  }

  #answer(message: Message): boolean {
    const reply = (signature: string, values: unknown[]) =>
      this.#bus.send(Message.newMethodReturn(message, signature, values));
    const { interface: iface, member, body, sender } = message;
    if (iface === PROPERTIES && (body as unknown[])[0] === WATCHER) {
      const name = String((body as unknown[])[1]);
      const values: Record<string, Variant> = {
        RegisteredStatusNotifierItems: new Variant('as', []),
        IsStatusNotifierHostRegistered: new Variant('b', true),
        ProtocolVersion: new Variant('i', 0),
      };
      if (member === 'GetAll') reply('a{sv}', [values]);
      else reply('v', [values[name] ?? new Variant('b', true)]);
      return true;
    }
    switch (`${iface}.${member}`) {
      case `${WATCHER}.RegisterStatusNotifierItem`:
        reply('', []);
        void this.#follow(sender);
        return true;
      case `${WATCHER}.RegisterStatusNotifierHost`:
        reply('', []);
        return true;
      case `${NOTIFICATIONS}.GetServerInformation`:
        reply('ssss', ['hipstatus-demo', 'HipStatus', '1', '1.2']);
        return true;
      case `${NOTIFICATIONS}.GetCapabilities`:
        reply('as', [['actions', 'body', 'persistence']]);
        return true;
      case `${NOTIFICATIONS}.Notify`: {
        const [, replaces, , title, text] = body as [string, number, string, string, string];
        if (replaces === 0) this.#lastId += 1;
        reply('u', [replaces === 0 ? this.#lastId : replaces]);
        this.#events.onNotification(title, text);
        return true;
      }
      case `${NOTIFICATIONS}.CloseNotification`:
        reply('', []);
        return true;
      default:
        return false;
    }
  }

  /** Hears of each change of the icon from now on. */
  async #follow(sender: string): Promise<void> {
    const dbus = 'org.freedesktop.DBus';
    await this.#bus.call(
      new Message({
        destination: dbus,
        path: '/org/freedesktop/DBus',
        interface: dbus,
        member: 'AddMatch',
        signature: 's',
        body: [`type='signal',sender='${sender}',interface='${ITEM}'`],
      }),
    );
    await this.#look(sender);
  }

  async #look(sender: string): Promise<void> {
    const path = '/StatusNotifierItem';
    const body = [ITEM, 'ToolTip'];
    const ask = new Message({ destination: sender, path, interface: PROPERTIES, member: 'Get', signature: 'ss', body });
    // An icon that is gone meanwhile answers nothing.
    const answer = await this.#bus.call(ask).catch(() => null);
    if (answer === null) return;
    // (sa(iiay)ss): icon name, pixmaps, title, text.
    const value = (answer.body[0] as Variant<[string, unknown, string, string]>).value;
    const toolTip = value[2] || value[3];
    if (toolTip === this.#toolTip) return;
    this.#toolTip = toolTip;
    this.#events.onTray(toolTip);
  }
}
