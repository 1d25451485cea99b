-- What the text search parser makes of each word of $1, as the text of a query: empty where it finds no lexeme.
select given.word, websearch_to_tsquery('simple', given.word)::text as query
from unnest($1::text[]) given (word)
