import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../ports/clock.ts';
import type { SyncMetrics } from './metrics.ts';

/** Tells Prometheus how organisation sync is doing. Only the hub that plans knows the people and the lag. */
export function registerSyncMetrics(registry: Registry, metrics: SyncMetrics, clock: Clock): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `hipstatus_hub_sync_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('planner', 'Whether this hub plans for all (1)', () => (metrics.isPlanner ? 1 : 0));
  gauge('people', 'Whose calendars are read', () => metrics.people);
  gauge('stale', 'Whose calendar could not be read the last time', () => metrics.stale);
  gauge('waiting', 'Who is due and has not been read', () => metrics.waiting(clock.now()));
  gauge('lag_seconds', 'How long the one who waits longest is overdue', () => metrics.lagSeconds(clock.now()));
  const counter = (name: string, help: string, read: () => number): void => {
    let told = 0;
    new Counter({
      name: `hipstatus_hub_sync_${name}_total`,
      help,
      registers,
      collect() {
        const now = read();
        this.inc(now - told);
        told = now;
      },
    });
  };
  counter('reads', 'Calendars that were read', () => metrics.done);
  counter('failures', 'Calendars that could not be read', () => metrics.failed);
  counter('calls', 'HTTP calls; a batch is one', () => metrics.calls);
  counter('requests', 'What Graph counts', () => metrics.requests);
  counter('throttled', 'How often the service asked to be called less', () => metrics.throttled);
  counter('reports', 'Presences that were written', () => metrics.reports);
}
