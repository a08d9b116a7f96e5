-- Finds the user of an account, or gives it one: whoever comes first decides.
-- KEYS: 1 the account
-- ARGV: 1 the user that it gets if it has none, 2 one that it can't have, since he has another account; or ""
-- Returns the user's id.
local user = redis.call('GET', KEYS[1])
if user and user ~= ARGV[2] then return user end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
