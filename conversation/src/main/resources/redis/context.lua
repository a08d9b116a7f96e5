-- Reads what the request for a reply is made of, in one go. ARGV: 9 reply id, 10 how many of the newest messages, 11 most bytes of them
-- Returns { reply as JSON, model, system prompt, who gave the title, ids of messages (newest first), as many of these messages, as they are
-- stored, as have that many bytes }, or {} if the reply has ended
local reply = redis.call('HGET', REPLIES, ARGV[9])
if not reply then return {} end
local meta = redis.call('HMGET', META, 'model', 'systemPrompt', 'titleBy')
local ids = redis.call('ZREVRANGE', ORDER, 0, tonumber(ARGV[10]) - 1)
local messages, left = {}, tonumber(ARGV[11])
for i, id in ipairs(ids) do
  left = left - redis.call('HSTRLEN', MESSAGES, id)
  if left < 0 then break end
  messages[i] = redis.call('HGET', MESSAGES, id)
end
return { reply, meta[1] or '', meta[2] or '', meta[3] or '', ids, messages }
