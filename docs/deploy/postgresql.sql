-- As the superuser, in psql, once: psql --set=password="'…'" --file=postgresql.sql
-- The role of the site owns its database and nothing else. What it stores must not reach the server's own log, where
-- a failing statement would be written with its values, and a row that is refused as a whole.
CREATE ROLE iop LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :password;
ALTER ROLE iop SET log_min_error_statement = 'panic';
ALTER ROLE iop SET log_error_verbosity = 'terse';
ALTER ROLE iop SET log_parameter_max_length = 0;
ALTER ROLE iop SET log_parameter_max_length_on_error = 0;
ALTER ROLE iop SET log_min_duration_statement = -1;
ALTER ROLE iop SET log_statement = 'none';
CREATE DATABASE iop OWNER iop ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE iop FROM PUBLIC;
