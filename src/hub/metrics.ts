import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { SECOND } from '../core/time.ts';
import type { Logger } from '../ports/logger.ts';
import type { HubFeed } from './feed.ts';
import type { Roster } from './roster.ts';
import type { SocketPool } from './sockets.ts';

export interface MetricsDeps {
  readonly roster: Roster;
  readonly feed: HubFeed;
  readonly pools: Readonly<Record<string, SocketPool>>;
  readonly streams: ReadonlySet<unknown>;
}

/** Everything Prometheus is told. Labels are few and never of a person. */
export function createMetrics({ roster, feed, pools, streams }: MetricsDeps): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'hipstatus_hub_people',
    help: 'People by what they show',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(roster.counts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'hipstatus_hub_readers',
    help: 'Open sockets and event streams',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, { size }] of Object.entries(pools)) this.set({ pool }, size);
      this.set({ pool: 'events' }, streams.size);
    },
  });
  new Gauge({
    name: 'hipstatus_hub_readers_dropped',
    help: 'Sockets that were dropped for being slow or silent, since the start',
    labelNames: ['pool'],
    registers,
    collect() {
      for (const [pool, { dropped }] of Object.entries(pools)) this.set({ pool }, dropped);
    },
  });
  new Gauge({
    name: 'hipstatus_hub_feed_head',
    help: 'The last change that this hub has handed on',
    registers,
    collect() {
      this.set(feed.head);
    },
  });
  const changes = new Counter({
    name: 'hipstatus_hub_changes_total',
    help: 'Changes that this hub has handed on',
    labelNames: ['kind'],
    registers,
  });
  feed.follow({
    onEvents: (events) => {
      for (const { kind } of events) changes.inc({ kind });
    },
    onReset: () => {},
  });
  return registry;
}

/** Has every answer counted and logged, by route and not by address. */
export function measureRequests(app: FastifyInstance, registry: Registry, logger: Logger): void {
  const durations = new Histogram({
    name: 'hipstatus_hub_request_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  // Found by their labels once: the search costs more than the counting. There are as many as routes and statuses.
  const lines = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>();
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'none' } = request.routeOptions;
    const { method } = request;
    const status = reply.statusCode;
    const key = `${method} ${route} ${status}`;
    let line = lines.get(key);
    if (line === undefined) {
      line = durations.labels({ method, route, status });
      lines.set(key, line);
    }
    line.observe(reply.elapsedTime / SECOND);
    logger.debug('Answered', { method, route, status });
    done();
  });
}
