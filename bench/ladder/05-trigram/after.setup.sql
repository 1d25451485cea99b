-- An inverted index of trigrams, the substrings of three characters.
create index customer_phone_number_idx on customer using gin (phone_number gin_trgm_ops)
