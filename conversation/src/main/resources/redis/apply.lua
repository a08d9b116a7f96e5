-- Applies one step of an attempt to its reply: fenced by (attempt, worker), numbered, and without effect when repeated.
-- ARGV: 9 step, 10 reply id, 11 attempt, 12 worker or '', then by step:
--   started       13 model
--   delta         13 n, 14 offset, 15 UTF-16 units, 16 text, 17 event as JSON
--   heartbeat
--   completed     13 text, 14 usage as JSON or ''
--   failed        13 consequence, 14 code for the browser, 15 sentence, 16 retry after (ms, or -1), 17 first backoff, 18 longest backoff (ms),
--                 19 random number in [0, 1), 20 strikes that fail a reply, 21 cause: says more than the code
--   seen-again    13 what a living worker's lease is cut to (ms), 14 times that fail a reply, 15 code, 16 sentence
--   lease-check   13 asked at (ms), 14 longest way (ms), 15 code, 16 sentence, 17 strikes that fail a reply
--   expired       13 deadline (ms), 14 code, 15 sentence
--   dead          13 code, 14 sentence, 15 strikes that fail a reply; its request came to the dead letters
-- Returns { outcome, 1 if a held reply can be admitted, reply id to publish, its attempt, workers that it has lost }, or less; outcome:
--   applied   it changed the reply            repeat   it had been applied before
--   gap       an earlier delta is missing     fenced   the attempt is older, or another worker's
--   ended     the reply has ended or is unknown
--   nothing   there was nothing to do
local step, reply_id, attempt, worker = ARGV[9], ARGV[10], tonumber(ARGV[11]), ARGV[12]

local r = load(reply_id)
if not r or r.state == 'waiting' then return { 'ended' } end
if attempt < r.attempt then return { 'fenced' } end

local function renew()
  local m = member(r)
  local ends = tonumber(redis.call('ZSCORE', RUNNING, m))
  if not ends or ends - NOW < LEASE / 2 then redis.call('ZADD', RUNNING, NOW + LEASE, m) end
end

local function claim(model)
  unlist(r)
  take_slot(r)
  r.state = 'running'
  r.worker = worker
  r.model = model
  r.next = 0
  r.retryAt = nil
  r.code = nil
  r.cause = nil
  save(r)
  redis.call('DEL', TEXT)
  redis.call('ZADD', RUNNING, NOW + LEASE, member(r))
  append('{"type":"reply.started","replyId":' .. quote(r.id) .. ',"attempt":' .. r.attempt .. ',"model":' .. quote(model) .. '}')
end

local function result(outcome, publish)
  return { outcome, vacancy(), publish[1], publish[2], publish[3] }
end

local function text_so_far()
  return redis.call('GET', TEXT) or ''
end

-- The next attempt: at once (at = nil), or at a time. The browser is told when it saw the last one or has to wait.
local function again(code, at, cause)
  local told = r.state == 'running' or at
  unlist(r)
  if told then
    append('{"type":"reply.retrying","replyId":' .. quote(r.id) .. ',"attempt":' .. r.attempt .. ',"code":' .. quote(code)
      .. ',"retryAt":"' .. iso(at or NOW) .. '"' .. (cause and ',"cause":' .. quote(cause) or '') .. '}')
    r.retryAt = at or NOW
    r.code = code
    r.cause = cause
  end
  r.attempt = r.attempt + 1
  return to_outbox(r, at)
end

local function strike(most)
  r.strikes = r.strikes + 1
  return r.strikes >= most
end

if attempt > r.attempt then
  -- The store came back older than the broker: the attempt was given out, so it counts.
  unlist(r)
  r.attempt = attempt
  r.worker = nil
  r.state = 'offered'
  r.next = 0
  if step ~= 'started' and worker ~= '' then
    claim(r.model or '')
  else
    save(r)
    take_slot(r)
    redis.call('ZADD', OFFERED, NOW, member(r))
  end
end

-- A held attempt was not published: what says so comes of an older version or an older store. It will be, in its turn.
if r.state == 'held' and (step == 'seen-again' or step == 'dead') then return { 'nothing' } end

if step == 'started' then
  if not r.worker then
    claim(ARGV[13])
    return { 'applied' }
  end
  if r.worker ~= worker then return { 'fenced' } end
  renew()
  return { 'repeat' }
end

if step == 'seen-again' then
  if r.worker then
    local m = member(r)
    local ends = tonumber(redis.call('ZSCORE', RUNNING, m)) or 0
    redis.call('ZADD', RUNNING, math.min(ends, NOW + tonumber(ARGV[13])), m)
    return { 'applied' }
  end
  r.seen = (r.seen or 0) + 1
  if r.seen >= tonumber(ARGV[14]) then
    return result('applied', finish(r, 'failed', text_so_far(), '', { code = ARGV[15], message = ARGV[16], retryable = true }))
  end
  return result('applied', again())
end

if step == 'lease-check' then
  local ends = tonumber(redis.call('ZSCORE', RUNNING, member(r)))
  if not r.worker or (ends and ends >= NOW) then return { 'nothing' } end
  if NOW - tonumber(ARGV[13]) > tonumber(ARGV[14]) then
    redis.call('ZADD', RUNNING, NOW + LEASE, member(r))
    return { 'nothing' }
  end
  r.lost = r.lost + 1
  if strike(tonumber(ARGV[17])) then
    return result('applied', finish(r, 'failed', text_so_far(), '', { code = ARGV[15], message = ARGV[16], retryable = true }))
  end
  return result('applied', again(ARGV[15]))
end

if step == 'expired' then
  if r.worker or NOW - r.since < tonumber(ARGV[13]) then return { 'nothing' } end
  return result('applied', finish(r, 'failed', text_so_far(), '', { code = ARGV[14], message = ARGV[15], retryable = true }))
end

if step == 'dead' then
  if r.worker then return { 'nothing' } end
  if strike(tonumber(ARGV[15])) then
    return result('applied', finish(r, 'failed', text_so_far(), '', { code = ARGV[13], message = ARGV[14], retryable = true }))
  end
  return result('applied', again())
end

-- What is left is said by the worker that runs the attempt, or by no one.
if r.worker ~= worker then return { 'fenced' } end

if step == 'delta' then
  local n = tonumber(ARGV[13])
  renew()
  if n < r.next then return { 'repeat' } end
  if n > r.next then return { 'gap' } end
  r.next = n + 1
  save(r)
  redis.call('APPEND', TEXT, ARGV[16])
  append(ARGV[17])
  return { 'applied' }
end

if step == 'heartbeat' then
  renew()
  return { 'applied' }
end

if step == 'completed' then
  return result('applied', finish(r, 'complete', ARGV[13], ARGV[14]))
end

if step == 'failed' then
  local consequence, code, sentence, cause = ARGV[13], ARGV[14], ARGV[15], ARGV[21]
  local out = consequence == 'STRIKE' and strike(tonumber(ARGV[20]))
  if consequence == 'FAIL' or out then
    return result('applied', finish(r, 'failed', text_so_far(), '', { code = code, message = sentence, retryable = out, cause = cause }))
  end
  if consequence == 'RETRY_AT_ONCE' then return result('applied', again(code, nil, cause)) end
  r.fails = r.fails + 1
  local wait = tonumber(ARGV[16])
  if wait < 0 then
    -- Full jitter above half of an exponential backoff.
    local ceiling = math.min(tonumber(ARGV[18]), tonumber(ARGV[17]) * 2 ^ math.min(r.fails - 1, 20))
    wait = math.floor(ceiling / 2 + ceiling / 2 * tonumber(ARGV[19]))
  end
  return result('applied', again(code, NOW + wait, cause))
end

return redis.error_reply('Unknown step ' .. step)
