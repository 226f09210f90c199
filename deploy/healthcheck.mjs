// Whether the hub of this machine is alive: ends with 0 or 1. For containers that have no curl.
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

const { HUB_PORT, PORT, HUB_TLS_CERT } = process.env;
const options = {
  host: '127.0.0.1',
  port: Number(HUB_PORT || PORT || 8427),
  path: '/healthz',
  timeout: 4000,
  // It asks itself: its certificate is for its public name.
  rejectUnauthorized: false,
};

(HUB_TLS_CERT ? getSecure : getPlain)(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
