import { Counter, Gauge, type Registry } from 'prom-client';
import { type Instant, SECOND } from '../../core/time.ts';
import type { Outcome } from './delivery.ts';
import type { DispatcherStats } from './dispatcher.ts';

export interface WebhookMetrics {
  readonly observe: (outcome: Outcome) => void;
  readonly onDeadLetter: () => void;
  /** Has the state of the deliveries shown too. */
  watch(stats: () => DispatcherStats, now: () => Instant): void;
}

/** A label of few values: which status it was is in the log. */
const labelOf = (outcome: Outcome): string => {
  if (outcome.kind !== 'failed') return outcome.kind;
  return outcome.reason.startsWith('status ') ? `status_${outcome.reason.charAt(7)}xx` : outcome.reason;
};

/** What Prometheus is told of the webhooks. */
export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const deliveries = new Counter({
    name: 'hipstatus_hub_webhook_deliveries_total',
    help: 'Tries to deliver to webhooks',
    labelNames: ['outcome'],
    registers,
  });
  const deadLetters = new Counter({
    name: 'hipstatus_hub_webhook_dead_letters_total',
    help: 'Changes that were given up',
    registers,
  });
  return {
    observe: (outcome) => deliveries.inc({ outcome: labelOf(outcome) }),
    onDeadLetter: () => deadLetters.inc(),
    watch: (stats, now) => {
      new Gauge({
        name: 'hipstatus_hub_webhooks',
        help: 'Webhooks by state; failing ones are those this hub delivers to',
        labelNames: ['state'],
        registers,
        collect() {
          const { on, off, failing } = stats();
          this.set({ state: 'on' }, on);
          this.set({ state: 'off' }, off);
          this.set({ state: 'failing' }, failing);
        },
      });
      new Gauge({
        name: 'hipstatus_hub_webhook_lag_seconds',
        help: 'Age of the oldest change that this hub has still to deliver; 0 when there is none',
        registers,
        collect() {
          const { waitingSince } = stats();
          this.set(waitingSince === null ? 0 : Math.max(0, now() - waitingSince) / SECOND);
        },
      });
    },
  };
}
