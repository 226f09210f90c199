import type { Providers } from '../ports/providers.ts';

/** How many events the last read of a calendar account brought. */
export type ReadCounts = ReadonlyMap<string, number>;

/** The same providers, with each calendar's reads counted. */
export function withReadCounts(providers: Providers): { readonly providers: Providers; readonly counts: ReadCounts } {
  const counts = new Map<string, number>();
  return {
    counts,
    providers: {
      chat: (account, secrets) => providers.chat(account, secrets),
      calendar: (account, secrets) => {
        const calendar = providers.calendar(account, secrets);
        return {
          accountId: calendar.accountId,
          label: calendar.label,
          async calendarView(window, zone, signal) {
            const view = await calendar.calendarView(window, zone, signal);
            counts.set(account.id, view.length);
            return view;
          },
        };
      },
    },
  };
}
