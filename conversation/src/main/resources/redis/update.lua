-- Changes what a person may change. ARGV: 9.. but the last: pairs of field and value (title, pinned, model, systemPrompt)
-- Returns 1, or 0 if there is no such conversation
if redis.call('EXISTS', META) == 0 then return 0 end
for i = 9, #ARGV - 1, 2 do
  redis.call('HSET', META, ARGV[i], ARGV[i + 1])
  if ARGV[i] == 'title' then redis.call('HSET', META, 'titleBy', 'person') end
  if ARGV[i] == 'pinned' then
    local id = string.match(NAME, '/(.*)$')
    local score = tonumber(redis.call('ZSCORE', CONVERSATIONS, id)) or NOW
    if score >= PINNED then score = score - PINNED end
    if ARGV[i + 1] == '1' then score = score + PINNED end
    redis.call('ZADD', CONVERSATIONS, score, id)
  end
end
announce('updated')
return 1
