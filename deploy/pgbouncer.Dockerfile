# Debian's PgBouncer with the settings next to this file. User and password come from the environment.
FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends pgbouncer \
  && rm -rf /var/lib/apt/lists/* \
  && chown postgres /etc/pgbouncer /etc/pgbouncer/*
COPY --chown=postgres deploy/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
USER postgres
EXPOSE 6432
# Quotes in the user or the password are doubled.
CMD ["bash", "-c", "umask 077; quoted() { printf '\"%s\"' \"${1//\\\"/\\\"\\\"}\"; }; echo \"$(quoted \"$POSTGRES_USER\") $(quoted \"$POSTGRES_PASSWORD\")\" > /etc/pgbouncer/userlist.txt; exec pgbouncer /etc/pgbouncer/pgbouncer.ini"]
