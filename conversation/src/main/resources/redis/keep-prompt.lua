-- Keeps a text of a user, in place of the one with the same id.
-- KEYS: 1 the user's prompts
-- ARGV: 1 id, 2 what is kept, 3 how many there may be
-- Returns 1; 0 if there are as many already, and it is none of them.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
