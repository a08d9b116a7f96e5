-- Takes an outbox entry that is due, to publish it. ARGV: 9 reply id, 10 attempt
-- Returns { 1, 1 if the attempt may have been published before, lost workers }, or { 0 } if there is nothing to do
local r = load(ARGV[9])
local attempt = tonumber(ARGV[10])
local m = NAME .. '/' .. ARGV[9] .. '/' .. ARGV[10]
if not r or r.attempt ~= attempt or r.state ~= 'outbox' then
  redis.call('ZREM', OUTBOX, m)
  return { 0 }
end
local due = tonumber(redis.call('ZSCORE', OUTBOX, m))
if due and due > NOW then return { 0 } end
redis.call('ZADD', OUTBOX, NOW + OUTBOX_LEASE, m)
r.offers = r.offers + 1
save(r)
return { 1, r.offers > 1 and 1 or 0, r.lost }
