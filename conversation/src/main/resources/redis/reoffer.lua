-- Puts a request that its queue cannot hold any more back into the outbox, to be published again. ARGV: 9 reply id, 10 attempt,
--       11 and 12 fewest and most workers that the reply has lost: they tell which queue it is in
-- Returns 1, or 0 if a worker has started it meanwhile or it is in another queue
local r = load(ARGV[9])
local m = NAME .. '/' .. ARGV[9] .. '/' .. ARGV[10]
if not r or r.attempt ~= tonumber(ARGV[10]) or r.state ~= 'offered' then
  redis.call('ZREM', OFFERED, m)
  return 0
end
if r.lost < tonumber(ARGV[11]) or r.lost > tonumber(ARGV[12]) then return 0 end
redis.call('ZREM', OFFERED, m)
r.state = 'outbox'
save(r)
redis.call('ZADD', OUTBOX, NOW, m)
return 1
