-- The inverted index: from words to customers.
create index customer_document_idx on customer_document using gin (document)
