-- Shares a conversation by a link, or lets its link show what the conversation is now. Nothing is copied: a link is a place in the order of
-- the messages, and the title of that moment. ARGV: 9 token for a new link, 10 most links of one user
-- Returns { 'shared', token, when (ISO-8601), title }, or why nothing was changed: { 'too_many' }, { 'not_found' }
if redis.call('EXISTS', META) == 0 then return { 'not_found' } end
local meta = redis.call('HMGET', META, 'link', 'seq', 'title')
if not meta[1] and redis.call('ZCARD', OWNERS_LINKS) >= tonumber(ARGV[10]) then return { 'too_many' } end
local token, title = meta[1] or ARGV[9], meta[3] or ''
redis.call('HSET', LINKS, token, NAME)
redis.call('ZADD', OWNERS_LINKS, NOW, CONVERSATION)
redis.call('HSET', META, 'link', token, 'linkSeq', meta[2] or '0', 'linkAt', ISO, 'linkTitle', title)
return { 'shared', token, ISO, title }
