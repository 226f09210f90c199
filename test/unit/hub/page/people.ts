import type { ChangeOut, PresenceOut } from '../../../../src/hub/page/model.ts';

/** A presence as the hub answers it. */
export function presenceOf(name: string, event: number, rest: Partial<PresenceOut> = {}): PresenceOut {
  return {
    person: { id: name.toLowerCase(), email: `${name.toLowerCase()}@example.com`, name },
    state: 'available',
    text: '',
    emoji: '',
    until: null,
    source: 'api',
    changedAt: '2026-11-24T08:00:00.000Z',
    reporting: true,
    event,
    ...rest,
  };
}

export const changeOf = (presence: PresenceOut, kind: ChangeOut['kind'] = 'presence'): ChangeOut => ({
  id: presence.event,
  at: presence.changedAt,
  kind,
  presence,
});
