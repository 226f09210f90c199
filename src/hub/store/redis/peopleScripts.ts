import { script } from './connection.ts';
import { PEOPLE } from './lua.ts';

/**
 * `ARGV[4]` is the id, then email, name and identities, as in the record. `{'conflict'}` when another has the email. Who loses an identity to this person gets an event too, before theirs.
 */
export const PUT_PERSON = script(`${PEOPLE}
if again() then return answer end
local id, email, name, identities = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local emails, owners = key('emails'), key('identities')
local holder = redis.call('HGET', emails, email)
if holder and holder ~= id then return { 'conflict' } end
local record = find(id)
if record and record[EMAIL] == email and record[NAME] == name and record[IDENTITIES] == identities then return answer end

local wanted, losers = {}, {}
for identity in string.gmatch(identities, '[^\\t]+') do
  wanted[identity] = true
  local owner = redis.call('HGET', owners, identity)
  if owner and owner ~= id then losers[#losers + 1] = owner end
end
local first
for _, owner in ipairs(losers) do
  local loser, kept = find(owner), {}
  for identity in string.gmatch(loser[IDENTITIES], '[^\\t]+') do
    if not wanted[identity] then kept[#kept + 1] = identity end
  end
  local left = table.concat(kept, '\\t')
  -- Who loses two is named twice.
  if left ~= loser[IDENTITIES] then
    loser[IDENTITIES] = left
    local event = emit('person', owner, loser)
    first = first or event
    save(owner, loser)
  end
end
if record then
  if record[EMAIL] ~= email then redis.call('HDEL', emails, record[EMAIL]) end
  for identity in string.gmatch(record[IDENTITIES], '[^\\t]+') do
    if not wanted[identity] then redis.call('HDEL', owners, identity) end
  end
else
  record = {}
  record[REPORTING], record[REPORTED_UNTIL], record[DAY] = '0', '', '[]'
  say_nothing(record)
  redis.call('ZADD', key('ids'), 0, id)
end
record[EMAIL], record[NAME], record[IDENTITIES] = email, name, identities
redis.call('HSET', emails, email, id)
for identity in pairs(wanted) do redis.call('HSET', owners, identity, id) end
local event = emit('person', id, record)
save(id, record)
remember((first or event) .. ' ' .. event)
return answer
`);

/** `ARGV[4]` is the id. */
export const REMOVE_PERSON = script(`${PEOPLE}
if again() then return answer end
local id = ARGV[4]
local record = find(id)
if not record then return answer end
redis.call('HDEL', key('people'), id)
redis.call('ZREM', key('ids'), id)
redis.call('ZREM', key('due'), id)
redis.call('HDEL', key('emails'), record[EMAIL])
for identity in string.gmatch(record[IDENTITIES], '[^\\t]+') do redis.call('HDEL', key('identities'), identity) end
record[REPORTING], record[REPORTED_UNTIL] = '0', ''
local event = emit('removed', id, record)
remember(event .. ' ' .. event)
return answer
`);

/**
 * `ARGV[4]` is the id, then the version that it must have (empty for any), until when the report counts, whether something is said (1),
 * presence, its until, source, whether the day is told (1), and the day. `{'missing'}`, `{'conflict'}`, or `{'same', record}` when what is
 * shown stays.
 */
export const REPORT = script(`${PEOPLE}
local id, expected = ARGV[4], ARGV[5]
local record = find(id)
if again() and answer[2] then return answer end
if not record then return { 'missing' } end
if expected ~= '' and expected ~= record[EVENT] then return { 'conflict' } end
local was_reporting, presence, source = record[REPORTING], record[PRESENCE], record[SOURCE]
local changed_at = record[CHANGED_AT]
record[REPORTING], record[REPORTED_UNTIL] = '1', ARGV[6]
if ARGV[7] == '1' then record[PRESENCE], record[UNTIL], record[SOURCE] = ARGV[8], ARGV[9], ARGV[10] end
if ARGV[11] == '1' then record[DAY] = ARGV[12] end
if is_past(record[UNTIL]) then say_nothing(record) end
local is_same = record[PRESENCE] == presence and record[SOURCE] == source
record[CHANGED_AT] = is_same and changed_at or now
if is_same and was_reporting == '1' then
  save(id, record)
  return { 'same', table.concat(record, '\\n') }
end
local event = emit('presence', id, record)
save(id, record)
remember(event .. ' ' .. event)
return answer
`);

/** `ARGV[4]` is the id. `{'missing'}` */
export const SIGN_OFF = script(`${PEOPLE}
if again() then return answer end
local id = ARGV[4]
local record = find(id)
if not record then return { 'missing' } end
if record[REPORTING] == '0' then return answer end
record[REPORTING], record[REPORTED_UNTIL] = '0', ''
local event = emit('presence', id, record)
save(id, record)
remember(event .. ' ' .. event)
return answer
`);

/** `ARGV[4]` is how many people at most. */
export const END_DUE = script(`${PEOPLE}
if again() then return answer end
local first, last
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('due'), '-inf', now, 'LIMIT', 0, ARGV[4])) do
  local record = find(id)
  if is_past(record[REPORTED_UNTIL]) then
    record[REPORTING], record[REPORTED_UNTIL] = '0', ''
  else
    say_nothing(record)
  end
  last = emit('presence', id, record)
  first = first or last
  save(id, record)
end
if first then remember(first .. ' ' .. last) end
return answer
`);
