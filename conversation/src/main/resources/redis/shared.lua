-- Reads what a link shows: messages that came after it was made are not for its readers. ARGV: 9 token, 10 id of the oldest message that is
-- known or '', 11 how many messages
-- Returns { when it was shared (ISO-8601), title, ids of messages (newest first), 1 if there are older ones }, or {} if the conversation has
-- another link or none, or the link does not show that message
local meta = redis.call('HMGET', META, 'link', 'linkSeq', 'linkAt', 'linkTitle')
if meta[1] ~= ARGV[9] then return {} end
local newest = meta[2]
if ARGV[10] ~= '' then
  local score = redis.call('ZSCORE', ORDER, ARGV[10])
  if not score or tonumber(score) > tonumber(newest) then return {} end
  newest = '(' .. score
end
local most = tonumber(ARGV[11])
local ids = redis.call('ZREVRANGEBYSCORE', ORDER, newest, '-inf', 'LIMIT', 0, most + 1)
local more = ids[most + 1] and 1 or 0
ids[most + 1] = nil
return { meta[3], meta[4], ids, more }
