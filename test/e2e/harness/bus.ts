import { DBusError, Message, type MessageBus, MessageType, RequestNameReply, sessionBus, Variant } from 'dbus-next';

const DBUS = 'org.freedesktop.DBus';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const CALL_TIMEOUT_MS = 10_000;
// dbus-next's NameFlag.DO_NOT_QUEUE: fail when another program owns the name.
const DO_NOT_QUEUE = 4;

/** One method of an object we put on the bus: takes the arguments, gives the reply's signature and values. */
export type Method = (args: unknown[], sender: string) => readonly [signature: string, values: unknown[]];

/** An object we put on the bus. Its properties are read by `Get` and `GetAll`. */
export interface BusObject {
  readonly path: string;
  readonly interface: string;
  readonly methods: Readonly<Record<string, Method>>;
  readonly properties?: Readonly<Record<string, () => Variant>>;
}

export interface Signal {
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args: unknown[];
}

/**
 * The session bus by plain messages. Electron's own objects answer no introspection, so dbus-next's proxy objects are of no
 * use here.
 */
export class Bus {
  readonly #bus: MessageBus;
  readonly #names: string[] = [];
  readonly #objects: BusObject[] = [];
  readonly #onSignal = new Set<(signal: Signal) => void>();

  private constructor(bus: MessageBus) {
    this.#bus = bus;
    bus.addMethodHandler((message: Message) => this.#answer(message));
    bus.on('message', (message) => {
      if (message.type !== MessageType.SIGNAL) return;
      const { sender, path, interface: iface, member, body } = message;
      for (const listener of this.#onSignal) listener({ sender, path, interface: iface, member, args: body });
    });
  }

  /** Connects to the bus that DBUS_SESSION_BUS_ADDRESS names. */
  static async connect(): Promise<Bus> {
    if (!process.env['DBUS_SESSION_BUS_ADDRESS']) {
      throw new Error('no session bus: run inside `node scripts/desktop-session.mjs -- …` (npm test does)');
    }
    const connection = sessionBus();
    const bus = new Bus(connection);
    await new Promise<void>((resolve, reject) => {
      connection.on('connect', resolve);
      connection.on('error', reject);
    });
    await bus.call(DBUS, '/org/freedesktop/DBus', DBUS, 'AddMatch', 's', [
      `type='signal',sender='${DBUS}',member='NameOwnerChanged'`,
    ]);
    return bus;
  }

  /** Calls a method; gives the reply's values. @throws Error with the D-Bus error's name, or after 10 s */
  async call(
    destination: string,
    path: string,
    iface: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<unknown[]> {
    const message = new Message({ destination, path, interface: iface, member, signature, body });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${iface}.${member} of ${destination}: no answer`)), CALL_TIMEOUT_MS);
    });
    try {
      const reply = await Promise.race([this.#bus.call(message), late]);
      return reply?.body ?? [];
    } catch (error) {
      if (error instanceof DBusError) throw new Error(`${iface}.${member}: ${error.type}: ${error.text}`);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads all properties of an interface, without their variant wrapping. */
  async properties(destination: string, path: string, iface: string): Promise<Record<string, unknown>> {
    const [all] = await this.call(destination, path, PROPERTIES, 'GetAll', 's', [iface]);
    return unwrap(all) as Record<string, unknown>;
  }

  /** Puts an object on the bus. */
  serve(object: BusObject): void {
    this.#objects.push(object);
  }

  /** Takes a well-known name. @throws Error when another program has it */
  async own(name: string): Promise<void> {
    const reply = await this.#bus.requestName(name, DO_NOT_QUEUE);
    if (reply !== RequestNameReply.PRIMARY_OWNER) throw new Error(`another program owns ${name} on the session bus`);
    this.#names.push(name);
  }

  /** The process that owns a name; undefined when none does. */
  async pidOf(name: string): Promise<number | undefined> {
    try {
      const [pid] = await this.call(DBUS, '/org/freedesktop/DBus', DBUS, 'GetConnectionUnixProcessID', 's', [name]);
      return Number(pid);
    } catch {
      return undefined;
    }
  }

  emit(path: string, iface: string, member: string, signature: string, values: unknown[]): void {
    this.#bus.send(Message.newSignal(path, iface, member, signature, values));
  }

  /** Listens to the signals of another program; those of the bus itself come without a match rule. */
  async listen(sender: string, listener: (signal: Signal) => void): Promise<void> {
    this.#onSignal.add(listener);
    await this.call(DBUS, '/org/freedesktop/DBus', DBUS, 'AddMatch', 's', [`type='signal',sender='${sender}'`]);
  }

  onSignal(listener: (signal: Signal) => void): void {
    this.#onSignal.add(listener);
  }

  async close(): Promise<void> {
    for (const name of this.#names.splice(0)) await this.#bus.releaseName(name);
    this.#bus.disconnect();
  }

  #answer(message: Message): boolean {
    const { path, interface: iface, member, body, sender } = message;
    if (iface === PROPERTIES) return this.#answerProperties(message);
    const method = this.#objects.find((o) => o.path === path && o.interface === iface)?.methods[member];
    if (method === undefined) return false;
    const [signature, values] = method(body, sender);
    this.#bus.send(Message.newMethodReturn(message, signature, values));
    return true;
  }

  #answerProperties(message: Message): boolean {
    const [iface, name] = message.body as string[];
    const properties = this.#objects.find((o) => o.path === message.path && o.interface === iface)?.properties;
    if (properties === undefined) return false;
    if (message.member === 'GetAll') {
      const all = Object.fromEntries(Object.entries(properties).map(([key, read]) => [key, read()]));
      this.#bus.send(Message.newMethodReturn(message, 'a{sv}', [all]));
      return true;
    }
    const read = message.member === 'Get' && name !== undefined ? properties[name] : undefined;
    if (read === undefined) return false;
    this.#bus.send(Message.newMethodReturn(message, 'v', [read()]));
    return true;
  }
}

/** Takes the variants out of a value read from the bus, at every depth; 64-bit numbers become plain ones. */
export function unwrap(value: unknown): unknown {
  if (value instanceof Variant) return unwrap(value.value);
  if (typeof value === 'bigint') return Number(value);
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
  }
  return value;
}
