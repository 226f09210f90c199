import type { Notice } from '../core/notice.ts';

/** Native notifications. */
export interface Notifier {
  /** Shows it; showing the same id again replaces it. */
  show(notice: Notice, onClick: () => void): void;
  close(id: string): void;
}
