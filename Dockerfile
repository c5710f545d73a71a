# The image of api, worker and migrate; docker-compose.yml says which of them a container is.
# Node 24 is the long-term release; the code itself needs 20.19.
ARG NODE_IMAGE=node:24-bookworm-slim

# What npm needs to install, and nothing that changes with the source: the layers above it stay cached.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci
COPY . .
RUN npm run build
# The programs run from dist; sources and tests stay behind. The checkout may be private to whoever builds the image.
RUN find apps libs -type d \( -name src -o -name test -o -name node_modules \) -prune -exec rm -rf {} + \
  && chmod -R a+rX apps libs migrations

FROM ${NODE_IMAGE} AS production
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --omit=dev && chmod -R a+rX .

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    TOLLBOOK_DATA_DIR=/var/lib/tollbook
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /app/apps ./apps
COPY --from=build /app/libs ./libs
COPY --from=build /app/migrations ./migrations
RUN install -d -o node -g node -m 0700 /var/lib/tollbook
USER node
EXPOSE 4020
# Node is told directly, with no shell or npm between that would swallow it; api and worker end within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 4020}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--min-semi-space-size=32", "--max-semi-space-size=32", "apps/api/dist/main.js"]
