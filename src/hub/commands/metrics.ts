import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export const COMMAND_OUTCOMES = [
  'answered',
  'silent',
  'usage',
  'failed',
  'broken',
  'time',
  'memory',
  'refused',
  'closing',
] as const;
export type CommandOutcome = (typeof COMMAND_OUTCOMES)[number];

export interface CommandMetrics {
  /** @param seconds from the call to the reply */
  observe(outcome: CommandOutcome, seconds: number): void;
  /** Has the numbers asked for when they are wanted. */
  watch(pool: { readonly running: number; readonly waiting: number }): void;
}

/** What Prometheus is told of commands. Never which, by whom or where. */
export function createCommandMetrics(registry: Registry): CommandMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: 'hipstatus_hub_commands_total',
    help: 'Commands by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'hipstatus_hub_command_seconds',
    help: 'Time from a command to its reply',
    labelNames: ['outcome'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  return {
    observe(outcome, time) {
      runs.inc({ outcome });
      seconds.observe({ outcome }, time);
    },
    watch(pool) {
      new Gauge({
        name: 'hipstatus_hub_commands',
        help: 'Commands now',
        labelNames: ['state'],
        registers,
        collect() {
          this.set({ state: 'running' }, pool.running);
          this.set({ state: 'waiting' }, pool.waiting);
        },
      });
    },
  };
}
