import { script } from './connection.ts';
import { BASE } from './lua.ts';

/** `ARGV[1]` is an index (`emails`, `identities`, or empty for the id itself), `ARGV[2]` its field. `{id, record}` or nil. */
export const RECORD = script(`${BASE}
local id = ARGV[2]
if ARGV[1] ~= '' then id = redis.call('HGET', key(ARGV[1]), id) end
local record = id and redis.call('HGET', key('people'), id)
return record and { id, record }
`);

/** `ARGV[1]` is the id after which they begin, `ARGV[2]` how many. `{id, record, …}` */
export const RECORDS = script(`${BASE}
local after = ARGV[1] == '' and '-' or '(' .. ARGV[1]
local answer = {}
for _, id in ipairs(redis.call('ZRANGEBYLEX', key('ids'), after, '+', 'LIMIT', 0, ARGV[2])) do
  answer[#answer + 1] = id
  answer[#answer + 1] = redis.call('HGET', key('people'), id)
end
return answer
`);

export const HEAD = script(`${BASE}
return redis.call('GET', key('head')) or '0'
`);

/** `ARGV[1]` is the id after which they begin, `ARGV[2]` how many. `{head, id, event, …}` */
export const EVENTS = script(`${BASE}
local answer = { redis.call('GET', key('head')) or '0' }
local start = string.format('%.0f', ARGV[1] + 1) .. '-0'
for _, entry in ipairs(redis.call('XRANGE', key('feed'), start, '+', 'COUNT', ARGV[2])) do
  answer[#answer + 1] = entry[1]
  answer[#answer + 1] = entry[2][2]
end
return answer
`);

/**
 * Where a reader is who has seen `ARGV[1]` last: `{head, id, event}`; the id of the next event, and the event seen last, are empty when there is
 * none (any more).
 */
export const PLACE = script(`${BASE}
local last = ARGV[1] .. '-0'
local seen = redis.call('XRANGE', key('feed'), last, last)[1]
local next = redis.call('XRANGE', key('feed'), string.format('%.0f', ARGV[1] + 1) .. '-0', '+', 'COUNT', 1)[1]
return { redis.call('GET', key('head')) or '0', next and next[1] or '', seen and seen[2][2] or '' }
`);

/** `ARGV[1]` is the person's id. */
export const HISTORY = script(`${BASE}
return redis.call('LRANGE', key('history', ARGV[1]), 0, -1)
`);

/** Forgets events from before `ARGV[1]`, at most as many as `ARGV[2]`; says how many. */
export const TRIM = script(`${BASE}
local feed, old = key('feed'), 0
for _, entry in ipairs(redis.call('XRANGE', feed, '-', '+', 'COUNT', ARGV[2])) do
  if tonumber(string.match(entry[2][2], '^%-?%d+')) >= tonumber(ARGV[1]) then break end
  old = old + 1
end
if old > 0 then redis.call('XTRIM', feed, 'MAXLEN', redis.call('XLEN', feed) - old) end
return old
`);

/** `ARGV[1]` is the lease's name, then its new owner, until when, and now. */
export const LEASE = script(`${BASE}
local lease = key('lease', ARGV[1])
local held = redis.call('HMGET', lease, 'owner', 'until')
if held[1] and held[1] ~= ARGV[2] and tonumber(held[2]) > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', lease, 'owner', ARGV[2], 'until', ARGV[3])
return 1
`);

/** Writes something, which a replica and a Redis without disk or memory refuse. */
export const CHECK = script(`${BASE}
redis.call('SET', key('check'), '1')
`);
