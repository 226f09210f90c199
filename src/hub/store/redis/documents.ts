import { refusal } from '../changes.ts';
import type { Document, Documents } from '../port.ts';
import { pairs } from './codec.ts';
import { type RedisConnection, script } from './connection.ts';
import { BASE, ONCE } from './lua.ts';

/** A document is three lines: version, expiresAt (empty for never), and the value as JSON. `now` is an argument of each. */
const SHARED = `
local function is_over(document, now)
  local ends = string.match(document, '^%d+\\n(%-?%d*)\\n')
  return ends ~= '' and tonumber(ends) <= tonumber(now)
end
local function forget(collection, name)
  redis.call('HDEL', key('documents', collection), name)
  redis.call('ZREM', key('keys', collection), name)
  redis.call('ZREM', key('expiry', collection), name)
end
`;

/** Expired documents that a put takes away with it, so that they do not stay for ever. */
const SWEEP = 10;

/** `ARGV`: collection, key, now. */
const GET = script(`${BASE}${SHARED}
local document = redis.call('HGET', key('documents', ARGV[1]), ARGV[2])
if not document or is_over(document, ARGV[3]) then return false end
return document
`);

/** `ARGV`: request, collection, key, value, now, the version it must have (empty for any), expiresAt (empty for never). */
const PUT = script(`${BASE}${ONCE}${SHARED}
local known = redis.call('GET', done)
if known then return known end
local collection, name, now, expected, ends = ARGV[2], ARGV[3], ARGV[5], ARGV[6], ARGV[7]
local documents, expiry = key('documents', collection), key('expiry', collection)
local document = redis.call('HGET', documents, name)
if document and is_over(document, now) then document = nil end
if expected ~= '' and expected ~= (document and string.match(document, '^%d+') or '0') then return false end
for _, over in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', now, 'LIMIT', 0, ${SWEEP})) do forget(collection, over) end
local version = string.format('%.0f', redis.call('INCR', key('versions')))
redis.call('HSET', documents, name, version .. '\\n' .. ends .. '\\n' .. ARGV[4])
redis.call('ZADD', key('keys', collection), 0, name)
if ends == '' then redis.call('ZREM', expiry, name) else redis.call('ZADD', expiry, ends, name) end
remember(version)
return version
`);

/** \`ARGV\`: request, collection, key. */
const DELETE = script(`${BASE}${ONCE}${SHARED}
if redis.call('EXISTS', done) == 1 then return 1 end
if redis.call('HEXISTS', key('documents', ARGV[2]), ARGV[3]) == 0 then return 0 end
forget(ARGV[2], ARGV[3])
remember('1')
return 1
`);

/** `ARGV`: collection, key after which they begin, how many, now. `{key, document, …}` */
const LIST = script(`${BASE}${SHARED}
local answer, after, limit = {}, ARGV[2], tonumber(ARGV[3])
while #answer < limit * 2 do
  local names = redis.call('ZRANGEBYLEX', key('keys', ARGV[1]), after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, limit)
  for _, name in ipairs(names) do
    local document = redis.call('HGET', key('documents', ARGV[1]), name)
    if #answer < limit * 2 and not is_over(document, ARGV[4]) then
      answer[#answer + 1] = name
      answer[#answer + 1] = document
    end
    after = name
  end
  if #names < limit then break end
end
return answer
`);

const parse = (key: string, text: string): Document => {
  const [version = '', expiresAt = ''] = text.split('\n', 2);
  return { key, value: JSON.parse(text.slice(version.length + expiresAt.length + 2)), version: Number(version) };
};

/** @param request an id that no other request has; see `ONCE` */
export const redisDocuments = (connection: RedisConnection, request: () => string): Documents => ({
  async get(collection, key, now) {
    const text = (await connection.run(GET, collection, key, now)) as string | null;
    return text === null ? null : parse(key, text);
  },
  async put(collection, key, value, now, { expected, expiresAt } = {}) {
    const version = (await connection.run(
      PUT,
      request(),
      collection,
      key,
      JSON.stringify(value),
      now,
      expected ?? '',
      expiresAt ?? '',
    )) as string | null;
    if (version === null) throw refusal.changed();
    return Number(version);
  },
  delete: async (collection, key) => (await connection.run(DELETE, request(), collection, key)) === 1,
  async list(collection, { after = '', limit }, now) {
    const answer = (await connection.run(LIST, collection, after, limit, now)) as string[];
    return pairs(answer).map(([key, text]) => parse(key, text));
  },
});
