import { Bus } from '../e2e/harness/bus.ts';
import { Notifications } from '../e2e/harness/notifications.ts';
import { Power } from '../e2e/harness/power.ts';
import { type TrayItem, TrayWatcher } from '../e2e/harness/tray.ts';

/** The harness's desktop, with the moment at which each program asked to be in the tray. */
export interface Desk {
  readonly tray: TrayWatcher;
  /** Milliseconds on `performance.now()`'s clock. */
  registeredAt(item: TrayItem): number;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const bus = await Bus.connect();
  const stamps = new Map<string, number>();
  // The watcher tells of an icon after it has asked the program for its menu, which waits for what the program is doing.
  const serve = bus.serve.bind(bus);
  bus.serve = (object) => {
    const register = object.methods['RegisterStatusNotifierItem'];
    if (register === undefined) return serve(object);
    const stamped: typeof register = (args, sender) => {
      stamps.set(sender, performance.now());
      return register(args, sender);
    };
    return serve({ ...object, methods: { ...object.methods, RegisterStatusNotifierItem: stamped } });
  };
  const tray = new TrayWatcher(bus);
  await tray.start();
  await new Notifications(bus).start();
  await new Power(bus).start();
  return {
    tray,
    registeredAt(item) {
      const at = stamps.get(item.service);
      if (at === undefined) throw new Error('the icon was not stamped');
      return at;
    },
    close: () => bus.close(),
  };
}
