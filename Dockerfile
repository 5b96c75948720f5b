# One image for web, worker, beat and the one-shot migrate; compose.yaml says which is which.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements-server.lock .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --quiet \
      --only-binary=:all: --require-hashes -r requirements-server.lock
COPY manage.py ./
COPY studio studio
COPY templates templates
COPY static static
# The build's own data dir holds throw-away secrets and does not go along.
RUN /venv/bin/pybabel --quiet compile --domain django --directory studio/locale \
 && STUDIO_DATA_DIR=/tmp/build STUDIO_STATIC_ROOT=/app/collected \
      /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
 && /venv/bin/python -m compileall -q studio

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Seed Studio" \
      org.opencontainers.image.description="A self-hosted studio for AI video: exact prices, nothing paid twice, every clip kept." \
      org.opencontainers.image.licenses="MIT"
# Text is drawn into pictures with the first font that has the glyphs: Latin, Chinese, Japanese.
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-dejavu-core fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data studio \
 && install -d -o studio -g studio /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STUDIO_BIND=0.0.0.0:8000 \
    STUDIO_DATA_DIR=/data \
    STUDIO_STATIC_ROOT=/app/collected
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["gunicorn", "--config", "python:studio.serve.web", "studio.wsgi"]
