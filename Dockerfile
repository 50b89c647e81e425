# The service without root and without compilers. Before the first start and after each update:
#   docker run --rm <settings> <image> debtor-returns migrate
# A read-only container works: it writes only to /service/data (SQLite) and to /tmp (large uploads on their way in).
FROM node:24-slim AS design-system

WORKDIR /design
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --silent

FROM python:3.11-slim

WORKDIR /service
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_ROOT_USER_ACTION=ignore

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: -r requirements.lock

COPY pyproject.toml ./
COPY app app
COPY migrations migrations
RUN --mount=type=bind,from=design-system,source=/design/node_modules,target=/service/node_modules \
    python -m app.web.laying
RUN pip install --no-cache-dir --no-deps --no-build-isolation --no-index --editable . \
    && python -m compileall -q app migrations \
    && useradd --system --uid 10001 --home-dir /service --shell /usr/sbin/nologin service \
    && install -d -o service -g service -m 700 data

USER 10001
VOLUME /service/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["debtor-returns", "serve", "--host", "0.0.0.0", "--port", "8000"]
