import type { SandboxAnswer, SandboxRequest } from './http.ts';

/** The person's do-not-disturb in Slack, and what they do to it by hand. Times in milliseconds. */
export interface SlackDnd {
  /** Until when notifications are paused; null when they are not. */
  snoozedUntil(): number | null;
  /** Pauses notifications for some minutes, or ends the pause. */
  snooze(minutes: number | null): void;
  /** The regular hours without notifications: the present or next ones. */
  setSchedule(hours: { start: number; end: number } | null): void;
}

type Answer = Record<string, unknown>;

const seconds = (time: number): number => Math.ceil(time / 1000);
const refused = (error: string, rest: Answer = {}): Answer => ({ ok: false, error, ...rest });

/** dnd.info, dnd.setSnooze and dnd.endSnooze (slack.yaml), which the emulator does not have. */
export function createDnd(now: () => number): {
  readonly control: SlackDnd;
  /** Undefined when the path is none of them. */
  answer(request: SandboxRequest, scopes: readonly string[]): SandboxAnswer | undefined;
} {
  let until: number | null = null;
  let schedule: { start: number; end: number } | null = null;

  const active = () => {
    if (until !== null && until <= now()) until = null;
    return until;
  };
  // Slack says 1 where there is no schedule.
  const hours = () => ({
    dnd_enabled: schedule !== null,
    next_dnd_start_ts: schedule === null ? 1 : seconds(schedule.start),
    next_dnd_end_ts: schedule === null ? 1 : seconds(schedule.end),
  });
  const snoozing = (end: number) => ({
    snooze_enabled: true,
    snooze_endtime: seconds(end),
    snooze_remaining: seconds(end - now()),
  });

  function setSnooze({ form, json }: SandboxRequest): Answer {
    const given = form.get('num_minutes') ?? (json as { num_minutes?: unknown } | undefined)?.num_minutes;
    const minutes = Number(given);
    if (given == null || !Number.isInteger(minutes) || minutes < 1) return refused('missing_duration');
    until = now() + minutes * 60_000;
    return { ok: true, ...snoozing(until) };
  }

  function endSnooze(): Answer {
    if (active() === null) return refused('snooze_not_active');
    until = null;
    return { ok: true, ...hours(), snooze_enabled: false };
  }

  function info(): Answer {
    const end = active();
    return { ok: true, ...hours(), ...(end === null ? { snooze_enabled: false } : snoozing(end)) };
  }

  const methods: Record<string, { scope: string; handle: (request: SandboxRequest) => Answer }> = {
    '/api/dnd.info': { scope: 'dnd:read', handle: info },
    '/api/dnd.setSnooze': { scope: 'dnd:write', handle: setSnooze },
    '/api/dnd.endSnooze': { scope: 'dnd:write', handle: endSnooze },
  };

  return {
    control: {
      snoozedUntil: active,
      snooze(minutes) {
        until = minutes === null ? null : now() + minutes * 60_000;
      },
      setSchedule(given) {
        schedule = given;
      },
    },
    answer(request, scopes) {
      const method = methods[request.path];
      if (method === undefined) return undefined;
      const { scope, handle } = method;
      const body = scopes.includes(scope)
        ? handle(request)
        : refused('missing_scope', { needed: scope, provided: scopes.join(',') });
      return { status: 200, body };
    },
  };
}
