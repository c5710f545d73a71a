#!/bin/sh
# Run once by the postgres image, when it has made an empty cluster. Tollbook logs in as an ordinary role that owns its
# database, as it does with the embedded one; the superuser keeps no password and is reached inside the container only.
set -eu

psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
set log_min_error_statement = 'panic';
create role tollbook login createrole password :'password';
create database tollbook owner tollbook;
alter role current_user password null;
SQL
