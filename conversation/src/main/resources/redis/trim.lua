-- Trims the log from its head, to the newest entry that is old enough and that no open reply needs; that entry stays, as the
-- oldest position that can be resumed from. Returns the seq of the first entry that is kept
local seq = tonumber(redis.call('HGET', META, 'seq') or '0')
local floor = tonumber(redis.call('HGET', META, 'floor') or '0')
if seq == 0 then
  redis.call('ZREM', TRIM, NAME)
  return 0
end
local highest = seq
local open = redis.call('HGET', META, 'open')
local r = open and open ~= '' and load(open)
if r then highest = math.min(highest, r.seq) end
-- The seqs of the log have no gaps and their times only grow: look for the border by halves.
local low, high, oldest = floor, highest, NOW - TRIM_AFTER
while low < high do
  local middle = math.floor((low + high + 1) / 2)
  local entry = redis.call('XRANGE', LOG, middle .. '-0', middle .. '-0')
  if #entry > 0 and tonumber(entry[1][2][4]) <= oldest then low = middle else high = middle - 1 end
end
if low > floor then
  redis.call('XTRIM', LOG, 'MINID', low .. '-0')
  redis.call('HSET', META, 'floor', low)
end
if low == seq then redis.call('ZREM', TRIM, NAME) else redis.call('ZADD', TRIM, NOW + TRIM_AFTER, NAME) end
return low
