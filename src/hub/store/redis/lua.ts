import { nothingSaid } from '../../model.ts';
import { presenceText } from './codec.ts';

/**
 * What the scripts share. `KEYS[1]` is the prefix in braces, such as `{hipstatus}`: the hash tag of all keys, so that they lie on one
 * node of a cluster and a script may name any of them.
 *
 * | key | |
 * |---|---|
 * | `:head` | id of the last event |
 * | `:feed` | stream: event id → event |
 * | `:people` | hash: person's id → record |
 * | `:ids` | sorted set of the persons' ids, all of score 0: their order |
 * | `:emails`, `:identities` | hashes: email, identity → person's id |
 * | `:due` | sorted set: person's id by the instant at which something of them ends |
 * | `:history:<id>` | list: the person's last events |
 * | `:documents:<collection>` | hash: key → document |
 * | `:keys:<collection>`, `:expiry:<collection>` | sorted sets: all keys in order; keys by the end of their document |
 * | `:versions` | the last version of any document |
 * | `:lease:<name>` | hash: owner and until |
 * | `:done:<request>` | what a request has changed, for a short while |
 *
 * Records, events and documents are lines of text (`codec.ts`): Lua needs some of the lines, and none of what is inside the JSON in
 * others, which its own JSON would not give back as it was. Redis' clock is asked for nothing but forgetting: tests have their own time.
 */
export const BASE = `
local base = KEYS[1]
local function key(name, part)
  if part then return base .. ':' .. name .. ':' .. part end
  return base .. ':' .. name
end
local function lines(text)
  local found = {}
  for line in string.gmatch(text .. '\\n', '([^\\n]*)\\n') do found[#found + 1] = line end
  return found
end
`;

/** How long a request that is sent again is known: longer than anybody tries. */
const KNOWN_SECONDS = 60;

/**
 * For scripts that change something: `ARGV[1]` is the request's id. The connection may be lost after Redis has done it and before the
 * answer has come; then the same request comes again, and must not find that its own work is in its way.
 */
export const ONCE = `
local done = key('done', ARGV[1])
local function remember(what) redis.call('SET', done, what, 'EX', ${KNOWN_SECONDS}) end
`;

export const HISTORY_EVENTS = 200;
const HISTORY_SECONDS = 2 * 24 * 60 * 60;

const NOTHING = presenceText(nothingSaid(0));
const NOBODY = JSON.stringify(nothingSaid(0).source);

/**
 * For scripts that change people: `ARGV[2]` is now, `ARGV[3]` how many events the feed keeps at least. They answer with
 * `{'ok', event, …}`. `find` and `save` go by the record's lines; `emit` gives a record its event.
 */
export const PEOPLE = `${BASE}${ONCE}
local EVENT, REPORTING, REPORTED_UNTIL, UNTIL, PRESENCE, SOURCE, CHANGED_AT, DAY, EMAIL, NAME, IDENTITIES =
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
local now, feed_length = ARGV[2], ARGV[3]
local answer = { 'ok' }

local function again()
  local range = redis.call('GET', done)
  if not range then return false end
  local first, last = string.match(range, '(%d+) (%d+)')
  for _, entry in ipairs(redis.call('XRANGE', key('feed'), first .. '-0', last .. '-0')) do
    answer[#answer + 1] = entry[2][2]
  end
  return true
end

local function find(id)
  local text = redis.call('HGET', key('people'), id)
  return text and lines(text)
end

local function is_past(instant) return instant ~= '' and tonumber(instant) <= tonumber(now) end

local function say_nothing(record)
  record[PRESENCE], record[UNTIL], record[SOURCE], record[CHANGED_AT] = [[${NOTHING}]], '', [[${NOBODY}]], now
end

-- What nobody shows does not end.
local function save(id, record)
  redis.call('HSET', key('people'), id, table.concat(record, '\\n'))
  if record[REPORTING] == '0' then
    redis.call('ZREM', key('due'), id)
    return
  end
  local ends = record[REPORTED_UNTIL]
  if record[UNTIL] ~= '' and tonumber(record[UNTIL]) < tonumber(ends) then ends = record[UNTIL] end
  redis.call('ZADD', key('due'), ends, id)
end

local function emit(kind, id, record)
  local event = string.format('%.0f', redis.call('INCR', key('head')))
  record[EVENT] = event
  local text = table.concat({ now, kind, id, table.concat(record, '\\n') }, '\\n')
  redis.call('XADD', key('feed'), 'MAXLEN', '~', feed_length, event .. '-0', 'e', text)
  local history = key('history', id)
  redis.call('RPUSH', history, text)
  redis.call('LTRIM', history, -${HISTORY_EVENTS}, -1)
  local oldest = redis.call('LINDEX', history, 0)
  while oldest and tonumber(string.match(oldest, '^%-?%d+')) < now - ${HISTORY_SECONDS * 1000} do
    redis.call('LPOP', history)
    oldest = redis.call('LINDEX', history, 0)
  end
  redis.call('EXPIRE', history, ${HISTORY_SECONDS})
  answer[#answer + 1] = text
  return event
end
`;
