-- Says what became of a publish. ARGV: 9 reply id, 10 attempt, 11 "confirmed" or "unsent" (surely in no queue), 12 ms until it is tried again
-- Returns 1 if the reply's state changed, else 0
local r = load(ARGV[9])
local attempt = tonumber(ARGV[10])
local m = NAME .. '/' .. ARGV[9] .. '/' .. ARGV[10]
if not r or r.attempt ~= attempt or r.state ~= 'outbox' then
  redis.call('ZREM', OUTBOX, m)
  return 0
end
if ARGV[11] == 'confirmed' then
  r.state = 'offered'
  save(r)
  redis.call('ZREM', OUTBOX, m)
  redis.call('ZADD', OFFERED, NOW, m)
  return 1
end
r.offers = math.max(0, r.offers - 1)
save(r)
redis.call('ZADD', OUTBOX, NOW + tonumber(ARGV[12]), m)
return 1
