-- Stops a reply, whatever it is doing. ARGV: 9 reply id
-- Returns { 'cancelled', reply id to publish or false, its attempt, worker to tell or '', attempt that is stopped,
--        1 if a held reply can be admitted },
--      or { 'ended' } if it had ended before, or { 'not_found' }
local r = load(ARGV[9])
if not r then
  local _, message = stored(ARGV[9])
  if message and message.role == 'assistant' then return { 'ended' } end
  return { 'not_found' }
end
local text = ''
if redis.call('HGET', META, 'open') == r.id then text = redis.call('GET', TEXT) or '' end
local worker, attempt = r.worker or '', r.attempt
local publish = finish(r, 'cancelled', text, '')
return { 'cancelled', publish[1] or false, publish[2] or 0, worker, attempt, vacancy() }
