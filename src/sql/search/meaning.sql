-- PostgreSQL's tsquery for each text of a search. $1 the texts.
select text, websearch_to_tsquery('simple', text)::text as query from unnest($1::text[]) text
