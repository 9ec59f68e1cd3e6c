# The site as an image: no compiler, no secret, nobody but an unprivileged user, and nothing written but /data.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /site
COPY requirements-run.txt .
RUN python -m venv .venv && .venv/bin/python -m pip install --require-hashes -r requirements-run.txt

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore must not be older than the server; curl is what the health check asks with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin iop \
    && install -d -o iop -g iop -m 0700 /data
WORKDIR /site
COPY --from=build /site/.venv .venv
COPY . .
RUN .venv/bin/python -m compileall -q iop_site programs inquiries
ENV PATH=/site/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
USER iop
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["python", "-m", "gunicorn", "iop_site.wsgi"]
