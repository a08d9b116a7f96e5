-- Frees the slot of a reply that is not in flight: a replica of an older version, which knows of no slots, has ended it. ARGV: 9 reply id
-- Returns 1 if it was taken, else 0
local r = load(ARGV[9])
if r and (r.state == 'outbox' or r.state == 'offered' or r.state == 'running') then return 0 end
return redis.call('SREM', IN_FLIGHT, CONVERSATION .. '/' .. ARGV[9])
