-- Takes an entry to publish it: one of the outbox that is due, or a held one that finds a slot. One of the outbox that finds none is held.
-- ARGV: 9 reply id, 10 attempt
-- Returns { 1, 1 if the attempt may have been published before, lost workers }, or { 0 } if there is nothing to do
local r = load(ARGV[9])
local attempt = tonumber(ARGV[10])
local m = NAME .. '/' .. ARGV[9] .. '/' .. ARGV[10]
if not r or r.attempt ~= attempt or (r.state ~= 'outbox' and r.state ~= 'held') then
  redis.call('ZREM', OUTBOX, m)
  unhold(m)
  return { 0 }
end
if r.state == 'outbox' then
  local due = tonumber(redis.call('ZSCORE', OUTBOX, m))
  if due and due > NOW then return { 0 } end
end
if not may_fly(r) then
  hold(r)
  return { 0 }
end
unhold(m)
take_slot(r)
r.state = 'outbox'
r.offers = r.offers + 1
save(r)
redis.call('ZADD', OUTBOX, NOW + OUTBOX_LEASE, m)
return { 1, r.offers > 1 and 1 or 0, r.lost }
