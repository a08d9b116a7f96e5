-- Makes a user one who signs in, with this account and no other. The sessions that he had as a guest end: whoever else has one
-- of them must not stay.
-- KEYS: 1 the user's account, 2 his epoch
-- ARGV: 1 the account, 2 the user's channel
-- Returns the epoch that his sessions are of; -1 if he has another account.
local account = redis.call('GET', KEYS[1])
if account and account ~= ARGV[1] then return -1 end
if account then return tonumber(redis.call('GET', KEYS[2]) or '0') end
redis.call('SET', KEYS[1], ARGV[1])
local epoch = redis.call('INCR', KEYS[2])
redis.call('PUBLISH', ARGV[2], 'sessions-ended ' .. epoch)
return epoch
