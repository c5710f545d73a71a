import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `npm run dev -w @tollbook/dashboard` finds a running api; `TOLLBOOK_PUBLIC_URL` of that product. */
const apiUrl = 'http://127.0.0.1:4020';
const ownedByApi = ['/v1', '/auth', '/health', '/g', '/pay', '/sandbox', '/metrics'];

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: { proxy: Object.fromEntries(ownedByApi.map((path) => [path, { target: apiUrl }])) },
  build: {
    target: 'es2023',
    // One file names every part of the first load; scripts/check-dashboard-size.mjs weighs it.
    manifest: true,
    sourcemap: false,
    // A data: URL would need its own line in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
