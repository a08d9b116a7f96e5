-- Writes a conversation that comes from a file, wholly or not at all. It has no replies to come, so no model is asked. Its log is one entry
-- that is there to be resumed from, as if all up to it had been trimmed. That is never the first one, so whoever looked at this id when
-- there was nothing misses what came before, and starts anew from a snapshot.
-- ARGV: 9 bytes of it all, 10 most bytes that one user may import a day, 11 most conversations, 12 title, 13 who gave it ('person' or 'words'),
--       14 created and 15 updated, ISO-8601, 16 updated, ms, 17 '1' if pinned, 18 model or '', 19 system prompt or '',
--       20 how full the store may become, in percent, 21.. but the last: pairs of message id and message as JSON, in the order in which they are shown, at least one
-- Returns { 'imported' }, or why nothing was changed: { 'exists' }, { 'gone' } (deleted), { 'too_many' } conversations, { 'too_much' } in a day,
--      { 'too_full' }
if redis.call('EXISTS', GONE) == 1 then return { 'gone' } end
if redis.call('EXISTS', META) == 1 then return { 'exists' } end
if redis.call('ZCARD', CONVERSATIONS) >= tonumber(ARGV[11]) then return { 'too_many' } end
local bytes = tonumber(ARGV[9])
if spent(SPENT, 'imported') + bytes > tonumber(ARGV[10]) then return { 'too_much' } end
local memory = redis.call('INFO', 'memory')
local used, most = tonumber(string.match(memory, 'used_memory:(%d+)')), tonumber(string.match(memory, 'maxmemory:(%d+)'))
if most > 0 and used + bytes > most * tonumber(ARGV[20]) / 100 then return { 'too_full' } end

-- A message comes first: Redis looks whether it is full when a script writes first, and only if that may need memory.
local count = 0
for i = 21, #ARGV - 2, 2 do
  count = count + 1
  redis.call('HSET', MESSAGES, ARGV[i], count .. '\n' .. ARGV[i + 1])
  redis.call('ZADD', ORDER, count, ARGV[i])
end
redis.call('HSET', META, 'title', ARGV[12], 'titleBy', ARGV[13], 'createdAt', ARGV[14], 'updatedAt', ARGV[15], 'pinned', ARGV[17],
  'model', ARGV[18], 'systemPrompt', ARGV[19], 'open', '', 'floor', count + 1, 'seq', count)
append('{"type":"conversation.imported"}')
redis.call('ZADD', CONVERSATIONS, tonumber(ARGV[16]) + (ARGV[17] == '1' and PINNED or 0), CONVERSATION)
add_spent(SPENT, 'imported', bytes)
announce('updated')
return { 'imported' }
