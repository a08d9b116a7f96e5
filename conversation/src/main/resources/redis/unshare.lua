-- Takes a conversation's link back.
-- Returns 1 if there was one, 0 if there was none, or -1 if there is no such conversation
if redis.call('EXISTS', META) == 0 then return -1 end
return unlink()
