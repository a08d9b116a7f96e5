-- What every script of a conversation shares; it stands before each of them as one text.
-- All keys come as KEYS, named here by position; a script that needs fewer still gets all of them, so that there is one order:
--  1 meta (HASH)       2 messages (HASH)  3 order (ZSET)     4 replies (HASH)  5 queue (LIST)   6 text (STRING)
--  7 log (STREAM)      8 gone (STRING)    9 conversations (ZSET)              10 rate (HASH)
-- 11 outbox (ZSET)    12 offered (ZSET)  13 running (ZSET)  14 trim (ZSET)
-- 15 held (ZSET, of the owner)           16 in flight (SET, of the owner)    17 owners of held replies (ZSET)
-- 18 spent (HASH, of the owner)          19 spent (HASH, of all owners of the shard)
-- 20 links (HASH, of all owners of the shard)                 21 links (ZSET, of the owner)
-- The first arguments are the same everywhere:
--  1 <user>/<conversation>   2 now, ISO-8601   3 64 random bits in hex   4 channel of the conversation   5 channel of the owner
--  6 milliseconds that an outbox entry is leased for   7 milliseconds that a worker's lease lasts   8 milliseconds before the log is trimmed
-- and the last one, everywhere, is how many replies of one user may be in flight.
local META, MESSAGES, ORDER, REPLIES, QUEUE, TEXT, LOG, GONE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local CONVERSATIONS, RATE, OUTBOX, OFFERED, RUNNING, TRIM = KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14]
local HELD, IN_FLIGHT, HOLDING, SPENT, SPENT_BY_ALL = KEYS[15], KEYS[16], KEYS[17], KEYS[18], KEYS[19]
local LINKS, OWNERS_LINKS = KEYS[20], KEYS[21]
local NAME, ISO, SEED, CHANNEL, OWNER_CHANNEL = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local OUTBOX_LEASE, LEASE, TRIM_AFTER = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local SHARE = tonumber(ARGV[#ARGV])
local OWNER, CONVERSATION = string.match(NAME, '^([^/]+)/(.*)$')

local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)
local DAY_LENGTH = 86400000
local DAY = string.format('%d', math.floor(NOW / DAY_LENGTH))
local quote = cjson.encode
-- Pinned conversations sort before all others; no time reaches this many milliseconds before the year 2286.
local PINNED = 10000000000000

local function string_or_null(value)
  if value == nil or value == false or value == '' then return 'null' end
  return quote(value)
end

-- An instant in milliseconds as ISO-8601 (civil date from days, after Howard Hinnant's algorithm).
local function iso(ms)
  local days, rest = math.floor(ms / 86400000), ms % 86400000
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local day = doy - math.floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day, math.floor(rest / 3600000),
    math.floor(rest / 60000) % 60, math.floor(rest / 1000) % 60, rest % 1000)
end

-- Appends an event to the log and wakes whoever looks at the conversation. Returns its seq.
local function append(event)
  local seq = redis.call('HINCRBY', META, 'seq', 1)
  local h = string.sub(redis.sha1hex(SEED .. seq), 1, 16)
  redis.call('XADD', LOG, seq .. '-0', 'h', h, 'at', NOW, 'e', event)
  redis.call('HSET', META, 'h', h)
  redis.call('ZADD', TRIM, 'NX', NOW + TRIM_AFTER, NAME)
  redis.call('PUBLISH', CHANNEL, seq .. ' ' .. h .. ' ' .. NOW .. ' ' .. event)
  return seq
end

-- Says to all sockets of the owner that the conversation's line in the list has changed.
local function announce(change)
  redis.call('PUBLISH', OWNER_CHANNEL, change .. ' ' .. string.match(NAME, '/(.*)$'))
end

-- Moves the conversation to the top of its owner's list.
local function touch()
  redis.call('HSET', META, 'updatedAt', ISO)
  local score = NOW
  if redis.call('HGET', META, 'pinned') == '1' then score = NOW + PINNED end
  redis.call('ZADD', CONVERSATIONS, score, string.match(NAME, '/(.*)$'))
  announce('updated')
end

local function load(reply_id)
  local json = redis.call('HGET', REPLIES, reply_id)
  return json and cjson.decode(json)
end

local function save(r)
  redis.call('HSET', REPLIES, r.id, cjson.encode(r))
end

local function member(r)
  return NAME .. '/' .. r.id .. '/' .. r.attempt
end

-- Lists the owner by his oldest held reply, or no more if he has none.
local function list_owner()
  local oldest = redis.call('ZRANGE', HELD, 0, 0, 'WITHSCORES')
  if #oldest == 0 then redis.call('ZREM', HOLDING, OWNER) else redis.call('ZADD', HOLDING, oldest[2], OWNER) end
end

-- Takes an attempt out of what is held.
local function unhold(m)
  if redis.call('ZREM', HELD, m) == 1 then list_owner() end
end

-- Takes the reply out of whichever of the four sets it is in.
local function unlist(r)
  local m = member(r)
  redis.call('ZREM', OUTBOX, m)
  redis.call('ZREM', OFFERED, m)
  redis.call('ZREM', RUNNING, m)
  unhold(m)
end

-- A reply has one slot for all its attempts. It is a name in a set, and not a count, so that taking it twice is taking it once.
local function take_slot(r)
  redis.call('SADD', IN_FLIGHT, CONVERSATION .. '/' .. r.id)
end

local function free_slot(r)
  redis.call('SREM', IN_FLIGHT, CONVERSATION .. '/' .. r.id)
end

-- Whether a reply may be in flight: it has its slot, or one is free and none that is older waits for it.
local function may_fly(r)
  if redis.call('SISMEMBER', IN_FLIGHT, CONVERSATION .. '/' .. r.id) == 1 then return true end
  if redis.call('SCARD', IN_FLIGHT) >= SHARE then return false end
  local oldest = redis.call('ZRANGE', HELD, 0, 0, 'WITHSCORES')
  return #oldest == 0 or tonumber(oldest[2]) >= r.since
end

-- Lets a reply wait until its owner has a free slot.
local function hold(r)
  r.state = 'held'
  save(r)
  redis.call('ZREM', OUTBOX, member(r))
  redis.call('ZADD', HELD, r.since, member(r))
  list_owner()
end

-- Returns 1 if the owner has a free slot and a held reply, which the caller then admits; its conversation's keys are not ours.
local function vacancy()
  return redis.call('ZCARD', HELD) > 0 and redis.call('SCARD', IN_FLIGHT) < SHARE and 1 or 0
end

-- Puts an attempt into the outbox. With at = nil the caller publishes it at once and holds its lease. Returns what is to be published if so:
-- { reply, attempt, workers that it has lost }. One that waits for its time gives up its slot, so that a provider's hour of silence holds
-- up no other conversation of its owner.
local function to_outbox(r, at)
  r.state = 'outbox'
  r.worker = nil
  r.next = 0
  r.offers = at and 0 or 1
  save(r)
  redis.call('ZADD', OUTBOX, at or (NOW + OUTBOX_LEASE), member(r))
  if at then
    free_slot(r)
    return {}
  end
  take_slot(r)
  return { r.id, r.attempt, r.lost }
end

-- Makes a reply its conversation's open one. Returns what is to be published: {} if it is held, or { reply, attempt, lost workers }.
local function open_reply(r)
  r.attempt = 1
  r.since = NOW
  redis.call('HSET', META, 'open', r.id)
  if may_fly(r) then return to_outbox(r) end
  hold(r)
  return {}
end

-- Gives the next waiting reply its turn. Returns what is to be published: {} or { reply, attempt, lost workers }.
local function promote()
  local id = redis.call('LPOP', QUEUE)
  while id do
    local r = load(id)
    if r then return open_reply(r) end
    id = redis.call('LPOP', QUEUE)
  end
  redis.call('HSET', META, 'open', '')
  return {}
end

-- Takes the conversation's link back, if there is one. Returns 1 if there was.
local function unlink()
  local token = redis.call('HGET', META, 'link')
  if not token then return 0 end
  redis.call('HDEL', LINKS, token)
  redis.call('ZREM', OWNERS_LINKS, CONVERSATION)
  redis.call('HDEL', META, 'link', 'linkSeq', 'linkAt', 'linkTitle')
  return 1
end

-- A stored message is the seq of its reply.queued, a line feed, and its JSON.
local function stored(message_id)
  local value = redis.call('HGET', MESSAGES, message_id)
  if not value then return nil end
  local cut = string.find(value, '\n', 1, true)
  return tonumber(string.sub(value, 1, cut - 1)), cjson.decode(string.sub(value, cut + 1))
end

-- The tokens that have been spent today (UTC), of those in a field of a HASH that begins anew each day.
local function spent(key, field)
  local today = redis.call('HMGET', key, 'day', field)
  return today[1] == DAY and tonumber(today[2]) or 0
end

local function add_spent(key, field, tokens)
  if redis.call('HGET', key, 'day') ~= DAY then
    redis.call('DEL', key)
    redis.call('HSET', key, 'day', DAY)
    redis.call('PEXPIRE', key, 2 * DAY_LENGTH)
  end
  redis.call('HINCRBY', key, field, string.format('%d', tokens))
end

-- Counts what a reply has cost: what the model says, or, where it did not come to that, a token for every four bytes of question and answer.
local function spend(r, text, usage)
  if not r.model then return end
  local tokens = 0
  if usage ~= '' then
    local said = cjson.decode(usage)
    tokens = said.promptTokens + said.completionTokens
  end
  if tokens == 0 then
    local _, question = stored(r.parent)
    tokens = math.ceil((#text + (question and #question.text or 0)) / 4)
  end
  add_spent(SPENT, 'tokens', tokens)
  add_spent(SPENT_BY_ALL, 'tokens', tokens)
  if r.guest then add_spent(SPENT_BY_ALL, 'guests', tokens) end
end

-- Ends a reply: stores its message, appends the final event, and gives the next one its turn. Returns what is to be published.
-- status: complete, failed or cancelled; usage: JSON or ''; failure: nil or { code =, message =, retryable =, cause = or nil }
local function finish(r, status, text, usage, failure)
  local json = '{"id":' .. quote(r.id) .. ',"parentId":' .. quote(r.parent) .. ',"role":"assistant","text":' .. quote(text)
    .. ',"status":"' .. status .. '","createdAt":' .. quote(ISO) .. ',"replyId":' .. quote(r.id)
  if r.model and r.model ~= '' then json = json .. ',"model":' .. quote(r.model) end
  if usage ~= '' then json = json .. ',"usage":' .. usage end
  local tail = ''
  if failure then
    json = json .. ',"error":{"code":' .. quote(failure.code) .. ',"message":' .. quote(failure.message) .. ',"retryable":'
      .. tostring(failure.retryable) .. (failure.cause and ',"cause":' .. quote(failure.cause) or '') .. '}'
    tail = ',"code":' .. quote(failure.code) .. ',"retryable":' .. tostring(failure.retryable)
  end
  json = json .. '}'
  spend(r, text, usage)
  unlist(r)
  free_slot(r)
  redis.call('HDEL', REPLIES, r.id)
  local was_open = redis.call('HGET', META, 'open') == r.id
  if was_open then redis.call('DEL', TEXT) else redis.call('LREM', QUEUE, 0, r.id) end
  redis.call('HSET', MESSAGES, r.id, r.seq .. '\n' .. json)
  local kind = status == 'complete' and 'completed' or status
  local seq = append('{"type":"reply.' .. kind .. '","replyId":' .. quote(r.id) .. ',"message":' .. json .. tail .. '}')
  redis.call('ZADD', ORDER, seq, r.id)
  local publish = {}
  if was_open then publish = promote() end
  touch()
  return publish
end
