-- This extension ships with PostgreSQL.
create extension if not exists pg_trgm
