-- Accepts a message and the reply to it, or another reply to a message (regenerate), once.
-- ARGV: 9 "send", "regenerate", or "repeat" (a send that is taken only if it was accepted before), 10 message id, 11 parent id or '', 12 text, 13 reply id, 14 model or '', 15 message as JSON, 16 title,
--       17 most replies that may wait, 18 messages per minute, 19 tokens of the owner a day (0: as many as he likes), 20 '1' if what all may spend today
--       is spent, 21 '1' for a guest, 22 most conversations,
--       23 most bytes of a question that is answered again
-- Returns { 'accepted', seq, reply id, 'new' or 'repeat', what is to be published, if anything: reply id, attempt }
--      or { 'not_found' | 'conflict' | 'bad_request' | 'too_large' | 'unknown' (no repeat) } or { 'rate_limited', milliseconds until the next is taken }
--      or { 'spent', milliseconds until the day is over, 'owner' or 'all' } or { 'too_many' } conversations
local mode, message_id, parent, text, reply_id, model = ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13], ARGV[14]
local most_waiting, per_minute, per_day, all_spent = tonumber(ARGV[17]), tonumber(ARGV[18]), tonumber(ARGV[19]), ARGV[20] == '1'
local is_guest, most_conversations = ARGV[21] == '1', tonumber(ARGV[22])

if redis.call('EXISTS', GONE) == 1 then return { 'not_found' } end
local seq, known = stored(message_id)

-- A repeat is recognised before anything else is asked.
if mode ~= 'regenerate' then
  if known then
    local same_parent = (known.parentId == cjson.null and '' or known.parentId) == parent
    -- One that came from a file may have been left without an answer.
    if known.role ~= 'user' or known.text ~= text or not same_parent or not known.replyId then return { 'conflict' } end
    return { 'accepted', seq, known.replyId, 'repeat' }
  end
  if mode == 'repeat' then return { 'unknown' } end
else
  if not known then return { 'not_found' } end
  if known.role ~= 'user' then return { 'bad_request' } end
  local open = load(reply_id)
  if open and open.parent == message_id then return { 'accepted', open.seq, reply_id, 'repeat' } end
  local answered_seq, answer = stored(reply_id)
  if answer and answer.role == 'assistant' and answer.parentId == message_id then
    return { 'accepted', answered_seq, reply_id, 'repeat' }
  end
  -- Only one that came from a file is.
  if #known.text > tonumber(ARGV[23]) then return { 'too_large' } end
end

local function taken(id)
  return redis.call('HEXISTS', MESSAGES, id) == 1 or redis.call('HEXISTS', REPLIES, id) == 1
end
if reply_id == message_id or taken(reply_id) then return { 'conflict' } end
if mode == 'send' then
  if redis.call('HEXISTS', REPLIES, message_id) == 1 then return { 'conflict' } end
  if parent ~= '' and redis.call('HEXISTS', REPLIES, parent) == 0 then
    local _, above = stored(parent)
    if not above or above.role ~= 'assistant' then return { 'conflict' } end
  end
end

local is_new = redis.call('EXISTS', META) == 0
if is_new and redis.call('ZCARD', CONVERSATIONS) >= most_conversations then return { 'too_many' } end
if all_spent then return { 'spent', DAY_LENGTH - NOW % DAY_LENGTH, 'all' } end
if per_day > 0 and spent(SPENT, 'tokens') >= per_day then return { 'spent', DAY_LENGTH - NOW % DAY_LENGTH, 'owner' } end

-- A token bucket: full it takes a minute's messages at once.
local bucket = redis.call('HMGET', RATE, 'tokens', 'at')
local tokens = math.min(per_minute, (tonumber(bucket[1]) or per_minute) + (NOW - (tonumber(bucket[2]) or NOW)) * per_minute / 60000)
if tokens < 1 then return { 'rate_limited', math.ceil((1 - tokens) * 60000 / per_minute) } end
local open_id = redis.call('HGET', META, 'open')
local is_open = open_id and open_id ~= ''
if is_open and redis.call('LLEN', QUEUE) >= most_waiting then return { 'rate_limited', 5000 } end
redis.call('HSET', RATE, 'tokens', tostring(tokens - 1), 'at', NOW)
redis.call('PEXPIRE', RATE, 120000)

if is_new then
  redis.call('HSET', META, 'title', ARGV[16], 'titleBy', 'words', 'createdAt', ISO, 'pinned', '0', 'floor', '0', 'open', '')
end
if mode == 'send' then
  local created = append('{"type":"message.created","message":' .. ARGV[15] .. '}')
  redis.call('HSET', MESSAGES, message_id, (created + 1) .. '\n' .. ARGV[15])
  redis.call('ZADD', ORDER, created, message_id)
end
seq = append('{"type":"reply.queued","replyId":' .. quote(reply_id) .. ',"messageId":' .. quote(reply_id) .. ',"parentId":'
  .. quote(message_id) .. '}')

local r = { id = reply_id, parent = message_id, seq = seq, state = 'waiting', attempt = 0, strikes = 0, lost = 0, fails = 0,
  seen = 0, next = 0, offers = 0, since = NOW, asked = model ~= '' and model or nil,
  guest = is_guest or nil }
local publish = {}
if is_open then
  save(r)
  redis.call('RPUSH', QUEUE, reply_id)
else
  publish = open_reply(r)
end
touch()
return { 'accepted', seq, reply_id, 'new', publish[1], publish[2] }
