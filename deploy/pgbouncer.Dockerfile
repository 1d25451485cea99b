# PgBouncer as Debian has it, with the settings beside this file. User and password are those of the environment.
FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends pgbouncer \
  && rm -rf /var/lib/apt/lists/* \
  && chown postgres /etc/pgbouncer /etc/pgbouncer/*
COPY --chown=postgres deploy/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
USER postgres
EXPOSE 6432
# A quote in a name or a password is written twice.
CMD ["bash", "-c", "umask 077; quoted() { printf '\"%s\"' \"${1//\\\"/\\\"\\\"}\"; }; echo \"$(quoted \"$POSTGRES_USER\") $(quoted \"$POSTGRES_PASSWORD\")\" > /etc/pgbouncer/userlist.txt; exec pgbouncer /etc/pgbouncer/pgbouncer.ini"]
