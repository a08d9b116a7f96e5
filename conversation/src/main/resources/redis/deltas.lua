-- The first part of apply.lua: appends deltas of one shard, in their order, in one script for many, since almost all that workers say are
-- deltas that are the next one of the attempt that runs. What is not that simple is left, with all that follows it of its conversation, and
-- comes again by itself.
-- KEYS: 1 running (ZSET)   2 trim (ZSET), then of each delta: meta (HASH)   replies (HASH)   text (STRING)   log (STREAM)
-- ARGV: 1 "deltas"   2 random bits in hex   3 milliseconds that a worker's lease lasts   4 milliseconds before the log is trimmed, then of each
--       delta: <user>/<conversation>   its channel   reply id   attempt   worker   n   text   event as JSON
-- Returns for each delta:  1 appended   2 it was before   0 left
if ARGV[1] == 'deltas' then
  local RUNNING, TRIM = KEYS[1], KEYS[2]
  local SEED, LEASE, TRIM_AFTER = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
  local time = redis.call('TIME')
  local NOW = time[1] * 1000 + math.floor(time[2] / 1000)

  local function renew(member)
    local ends = tonumber(redis.call('ZSCORE', RUNNING, member))
    if not ends or ends - NOW < LEASE / 2 then redis.call('ZADD', RUNNING, NOW + LEASE, member) end
  end

  local function append(name, channel, meta, log, event)
    local seq = redis.call('HINCRBY', meta, 'seq', 1)
    local h = string.sub(redis.sha1hex(SEED .. name .. seq), 1, 16)
    redis.call('XADD', log, seq .. '-0', 'h', h, 'at', NOW, 'e', event)
    redis.call('HSET', meta, 'h', h)
    redis.call('ZADD', TRIM, 'NX', NOW + TRIM_AFTER, name)
    redis.call('PUBLISH', channel, seq .. ' ' .. h .. ' ' .. NOW .. ' ' .. event)
  end

  local outcomes, left = {}, {}
  for i = 1, (#KEYS - 2) / 4 do
    local k, a = 4 * i - 2, 8 * i - 4
    local meta, replies, text, log = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3], KEYS[k + 4]
    local name, channel, reply_id, attempt, worker = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], tonumber(ARGV[a + 4]), ARGV[a + 5]
    local n = tonumber(ARGV[a + 6])
    local json = not left[name] and redis.call('HGET', replies, reply_id)
    local r = json and cjson.decode(json)
    if not r or r.attempt ~= attempt or r.worker ~= worker or n > r.next then
      left[name] = true
      outcomes[i] = 0
    else
      renew(name .. '/' .. reply_id .. '/' .. attempt)
      outcomes[i] = 2
      if n == r.next then
        r.next = n + 1
        redis.call('HSET', replies, reply_id, cjson.encode(r))
        redis.call('APPEND', text, ARGV[a + 7])
        append(name, channel, meta, log, ARGV[a + 8])
        outcomes[i] = 1
      end
    end
  end
  return outcomes
end
