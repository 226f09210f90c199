import { Notification } from 'electron';
import type { Notice } from '../../core/notice.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Notifier } from '../../ports/notifier.ts';

export interface ElectronNotifierDeps {
  readonly logger: Logger;
  /** A picture for systems that show one that is not the app's own; left out on macOS. */
  readonly icon?: string;
}

/** Native notifications, one an id. They are kept here as long as they are shown: a collected one would lose its click. */
export class ElectronNotifier implements Notifier {
  readonly #deps: ElectronNotifierDeps;
  readonly #shown = new Map<string, Notification>();

  constructor(deps: ElectronNotifierDeps) {
    this.#deps = deps;
  }

  show(notice: Notice, onClick: () => void): void {
    const { logger, icon } = this.#deps;
    if (!Notification.isSupported()) {
      logger.warn('This desktop shows no notifications', { notice: notice.id });
      return;
    }
    this.close(notice.id);
    const { title, body, silent } = notice;
    const notification = new Notification({ title, body, silent, ...(icon === undefined ? {} : { icon }) });
    const forget = (): void => {
      if (this.#shown.get(notice.id) === notification) this.#shown.delete(notice.id);
    };
    notification.on('click', () => {
      forget();
      onClick();
    });
    notification.on('close', forget);
    // Windows only, where a notification may be refused by policy.
    notification.on('failed', () => {
      forget();
      logger.warn('A notification could not be shown', { notice: notice.id });
    });
    this.#shown.set(notice.id, notification);
    notification.show();
  }

  close(id: string): void {
    const notification = this.#shown.get(id);
    this.#shown.delete(id);
    notification?.close();
  }
}
