-- Reads a conversation as it is after event seq. ARGV: 9 how many of the newest messages, or -1 for all
-- Returns { seq, h, meta as a flat list, ids of messages (oldest first), 1 if there are older ones, open replies as JSON in their order, text so far }
local seq = tonumber(redis.call('HGET', META, 'seq') or '0')
local limit = tonumber(ARGV[9])
local ids
if limit < 0 then
  ids = redis.call('ZRANGE', ORDER, 0, -1)
elseif limit == 0 then
  ids = {}
else
  ids = redis.call('ZRANGE', ORDER, -limit, -1)
end
local more = redis.call('ZCARD', ORDER) > #ids and 1 or 0
local replies = {}
local open = redis.call('HGET', META, 'open')
if open and open ~= '' then
  local json = redis.call('HGET', REPLIES, open)
  if json then replies[1] = json end
end
for _, id in ipairs(redis.call('LRANGE', QUEUE, 0, -1)) do
  replies[#replies + 1] = redis.call('HGET', REPLIES, id)
end
return { seq, redis.call('HGET', META, 'h') or '0', redis.call('HGETALL', META), ids, more, replies, redis.call('GET', TEXT) or '' }
