# One image for web, worker, clock and the preparation; docker-compose.yml says which runs where.

FROM node:22-slim AS browser
WORKDIR /srv
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GONGZHI_VAR=/var/lib/gongzhi \
    STATIC_ROOT=/srv/static_files \
    HOST=0.0.0.0 \
    PORT=8000
WORKDIR /srv/gongzhi
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt
COPY --from=browser /srv/node_modules node_modules
COPY . .
# Settings of development are enough to compile translations and to collect static files.
RUN python -m config.translations compile \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --create-home gongzhi \
    && mkdir --parents /var/lib/gongzhi \
    && chown --recursive gongzhi: /var/lib/gongzhi
USER gongzhi
VOLUME /var/lib/gongzhi
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
