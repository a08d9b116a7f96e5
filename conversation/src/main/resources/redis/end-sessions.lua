-- Ends all sessions of a user: from now on only those of a later epoch are good.
-- KEYS: 1 his epoch
-- ARGV: 1 that of one of the sessions, in case the store has come back older, 2 the user's channel
-- Returns the new epoch.
local epoch = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1])) + 1
redis.call('SET', KEYS[1], string.format('%d', epoch))
redis.call('PUBLISH', ARGV[2], 'sessions-ended ' .. string.format('%d', epoch))
return epoch
