-- Deletes a conversation for good and leaves a tombstone, so that nothing that is still under way brings it back.
-- ARGV: 9 seconds that the tombstone stays
-- Returns { 'deleted', worker to tell or '', reply id, attempt, 1 if a held reply can be admitted }, { 'gone' } if it was deleted before, or { 'not_found' }
if redis.call('EXISTS', GONE) == 1 then return { 'gone' } end
if redis.call('EXISTS', META) == 0 then return { 'not_found' } end
local open = redis.call('HGET', META, 'open')
local r = open and open ~= '' and load(open)
if r then
  spend(r, redis.call('GET', TEXT) or '', '')
  unlist(r)
  free_slot(r)
end
unlink()
redis.call('SET', GONE, '1', 'EX', ARGV[9])
redis.call('DEL', META, MESSAGES, ORDER, REPLIES, QUEUE, TEXT, LOG)
redis.call('ZREM', CONVERSATIONS, string.match(NAME, '/(.*)$'))
redis.call('ZREM', TRIM, NAME)
redis.call('PUBLISH', CHANNEL, 'gone')
announce('deleted')
return { 'deleted', r and r.worker or '', r and r.id or '', r and r.attempt or 0, vacancy() }
