-- Keeps what came to the dead letters within its bounds; without effect when repeated.
-- KEYS: 1 ids by time (ZSET)  2 letters as JSON (HASH)  3 their bodies in base64 without padding (HASH)  4 bytes of all bodies (STRING)
-- ARGV: 1 step, 2 id, then by step:
--   record    3 its tries, 4 when (ms), 5 the letter, 6 its body in base64, or '' to keep none, 7 most letters, 8 most bytes of bodies
--   remove    3 the tries that it must have still, or 0 for any
-- Returns 1 if it was recorded or removed, 0 if there was nothing to do
local BY_TIME, LETTERS, BODIES, SIZE = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local step, id, tries = ARGV[1], ARGV[2], tonumber(ARGV[3])

-- Of a text in base64.
local function bytes(length)
  return math.floor(length * 3 / 4)
end

-- The first of these writes is one that a full Redis allows; after it all others are, too.
local function take_out(letter)
  local size = bytes(redis.call('HSTRLEN', BODIES, letter))
  redis.call('ZREM', BY_TIME, letter)
  redis.call('HDEL', LETTERS, letter)
  redis.call('HDEL', BODIES, letter)
  return redis.call('DECRBY', SIZE, size)
end

local json = redis.call('HGET', LETTERS, id)
local known = json and cjson.decode(json).tries

if step == 'record' then
  if known and known >= tries then return 0 end
  local before = bytes(redis.call('HSTRLEN', BODIES, id))
  redis.call('HSET', LETTERS, id, ARGV[5])
  redis.call('HSET', BODIES, id, ARGV[6])
  redis.call('ZADD', BY_TIME, ARGV[4], id)
  local size = redis.call('INCRBY', SIZE, bytes(#ARGV[6]) - before)
  while redis.call('ZCARD', BY_TIME) > tonumber(ARGV[7]) or size > tonumber(ARGV[8]) do
    size = take_out(redis.call('ZRANGE', BY_TIME, 0, 0)[1])
  end
  return 1
end

if step == 'remove' then
  if not known or (tries > 0 and known ~= tries) then return 0 end
  take_out(id)
  return 1
end

return redis.error_reply('Unknown step ' .. step)
