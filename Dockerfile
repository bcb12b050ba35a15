FROM python:3.13-slim AS build
ENV PATH="/venv/bin:$PATH"
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /venv && \
    pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY manage.py ./
COPY advisor ./advisor
COPY fixtures ./fixtures
COPY static ./static
COPY templates ./templates
# The settings ask for these four; none of them is in what is collected.
RUN SECRET_KEY=build SITE_URL=http://localhost CONTACT_EMAIL=build@example.com EMAIL_URL=smtp://localhost \
    python manage.py collectstatic --noinput

FROM python:3.13-slim
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
WORKDIR /app
# For backups of PostgreSQL: pg_dump and psql. For memos: Chinese, Japanese and Korean letters. The newest that Debian has,
# with its security updates.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends postgresql-client fonts-droid-fallback && \
    rm -rf /var/lib/apt/lists/*
# What is mounted here belongs to the user below.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /backups
COPY --from=build /venv /venv
COPY --from=build /app /app
# A number needs no account. It owns none of the files: the site cannot change its own code.
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python", "-c", \
    "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=2)"]
CMD ["gunicorn", "-c", "python:advisor.server"]
