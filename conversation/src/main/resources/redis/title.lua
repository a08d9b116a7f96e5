-- Gives a conversation a title made by the model, unless a person has given one. ARGV: 9 title
-- Returns 1 if the title is now this one, else 0
if redis.call('HGET', META, 'titleBy') ~= 'words' then return 0 end
redis.call('HSET', META, 'title', ARGV[9], 'titleBy', 'model')
announce('updated')
return 1
