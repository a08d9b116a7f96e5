-- Reads the log after a position. ARGV: 9 seq, 10 h, 11 most entries
-- Returns { 1, seq of the newest entry, h of the newest entry, entries as XRANGE gives them }, or { 0 } if the position is not in this log,
-- or not all that came after it is still there
local seq, h = tonumber(ARGV[9]), ARGV[10]
local meta = redis.call('HMGET', META, 'seq', 'floor', 'h')
local newest, floor = tonumber(meta[1] or '0'), tonumber(meta[2] or '0')
if seq < floor or seq > newest then return { 0 } end
if seq > 0 then
  local at = redis.call('XRANGE', LOG, seq .. '-0', seq .. '-0')
  if #at == 0 or at[1][2][2] ~= h then return { 0 } end
end
local most = tonumber(ARGV[11])
if most == 0 or seq == newest then return { 1, newest, meta[3] or '0', {} } end
return { 1, newest, meta[3] or '0', redis.call('XRANGE', LOG, (seq + 1) .. '-0', '+', 'COUNT', most) }
