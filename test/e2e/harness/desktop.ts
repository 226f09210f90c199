import { Bus } from './bus.ts';
import { Notifications } from './notifications.ts';
import { Power } from './power.ts';
import { TrayWatcher } from './tray.ts';

export type { TrayItem } from './tray.ts';

/**
 * The desktop that the app under test runs on: tray, notifications and sleep, on the session bus. The test plays the person:
 * it reads what is shown and clicks. One at a time on a bus; open it before the app starts.
 */
export interface Desktop {
  readonly tray: TrayWatcher;
  readonly notifications: Notifications;
  readonly power: Power;
  /** Gives the names on the bus back. */
  close(): Promise<void>;
}

export async function openDesktop(): Promise<Desktop> {
  const bus = await Bus.connect();
  const tray = new TrayWatcher(bus);
  const notifications = new Notifications(bus);
  const power = new Power(bus);
  await tray.start();
  await notifications.start();
  await power.start();
  return { tray, notifications, power, close: () => bus.close() };
}
